import { Command } from "commander";
import { addOptions, helpCommand } from "@parley/cli";
import type { Io } from "@parley/cli";
import { programOptions } from "./program-options.ts";
import type { Settings } from "./settings.ts";
import { simulateOptions } from "./options.ts";
import { addStartOptions } from "./start-command.ts";
import { exportOptions } from "./tools-options.ts";
import { createTokenCommand } from "./token-program.ts";
import { version } from "./version.ts";

export { adapterProgram } from "./adapter-program.ts";
export type { AdapterProgram } from "./adapter-program.ts";
export type { OwnContext, OwnItems, OwnRoutes } from "./own-part.ts";
export { addStartOptions } from "./start-command.ts";
export type { StartDefaults } from "./start-command.ts";

const examples = `
Examples:
  mcpserver start                                     serve simple_echo on 127.0.0.1:8089
  mcpserver start --tool ./tools.ts#greet             serve a tool of your own
  mcpserver start --hub --hub-secret potato           be a hub on 127.0.0.1:8000
  mcpserver start --join http://127.0.0.1:8000 --join-secret potato --local-allow hostname
                                                      let this machine take part and run hostname
  mcpserver start --join http://127.0.0.1:8000 --join-secret potato --mock hpc --worker-id 10 --port 7777
                                                      take part as a simulated HPC cluster
  mcpserver start --join http://127.0.0.1:8000 --join-secret-file secret --llm-model gpt-5-mini
                                                      let a model read words that no rule reads, with the key in
                                                      OPENAI_API_KEY and npm install ai@6 @ai-sdk/openai-compatible
  mcpserver start --hub --llm-api-base http://127.0.0.1:11434/v1 --llm-model qwen3
                                                      let a model of this machine choose for --select agentic
`;

/** The `mcpserver` command. Commands are loaded when they run, so that `--help` is out at once. */
export function createProgram(io: Io): Command {
  const program = new Command("mcpserver")
    .description("Serve tools over MCP; be a hub of computing sites, a site, or both.")
    .version(version, "--version", "print the version")
    .helpCommand(false);
  const { debug, quiet } = programOptions;
  addOptions(program, { debug, quiet });
  const start = new Command("start")
    .description("Start a server, a hub or a worker.")
    .addHelpText("after", examples);
  addStartOptions(start).action(async (_flags: unknown, command: Command) => {
    const { runStart } = await import("./commands/start.ts");
    await runStart(command.optsWithGlobals(), io);
  });
  const simulate = new Command("simulate").description("Run many simulated workers in one process.");
  addOptions(simulate, simulateOptions).action(async (flags: Record<string, unknown>) => {
    const { runSimulate } = await import("./commands/simulate.ts");
    await runSimulate(flags, io);
  });
  const printVersion = new Command("version").description("Print the version.").action(() => io.out(version));
  program.addCommand(start).addCommand(simulate).addCommand(toolsCommand(io));
  program.addCommand(createTokenCommand(io)).addCommand(configCommand(io)).addCommand(printVersion);
  program.addHelpText("after", examples);
  return helpCommand(program);
}

function configCommand(io: Io): Command {
  const config = new Command("config")
    .description("Check and describe the YAML file of start.")
    .helpCommand(false);
  config
    .command("check")
    .description("Say everything that is wrong with a file, line by line, and start nothing.")
    .argument("<file>", "YAML file")
    .option("--json", "print the problems as JSON")
    .action(async (file: string, flags: { json?: boolean }) => {
      const { checkConfig } = await import("./commands/config.ts");
      await checkConfig(file, flags, io);
    });
  config
    .command("schema")
    .description("Print the JSON Schema of the file, for editors.")
    .action(async () => {
      const { printSchema } = await import("./commands/config.ts");
      printSchema(io);
    });
  return config;
}

function toolsCommand(io: Io): Command {
  const tools = new Command("tools")
    .description("Say what a server's tools are, for other programs.")
    .helpCommand(false);
  const exported = tools
    .command("export")
    .description("Print tool definitions in a model API's form, as JSON.");
  addOptions(exported, exportOptions).action(async (flags: Record<string, unknown>) => {
    const { exportTools } = await import("./commands/export-tools.ts");
    await exportTools(flags, io);
  });
  return tools;
}

/** What a program for one role presets. */
export interface Role {
  readonly program: string;
  readonly description: string;
  /** Flags it stands for, as commander would give them; what the caller passes outranks them. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Roles the settings may come to; others are refused with `hint`. */
  readonly roles: readonly Settings["role"][];
  readonly hint: string;
}

/** `mcpserver start` under a name of its own, for one role. */
export function roleProgram(io: Io, role: Role): Command {
  const program = new Command(role.program)
    .description(role.description)
    .version(version, "--version", "print the version")
    .helpCommand(false);
  return addStartOptions(program).action(async (flags: Record<string, unknown>) => {
    const { runStart } = await import("./commands/start.ts");
    await runStart({ ...role.flags, ...flags }, io, { role });
  });
}
