import { Command } from "commander";
import { addOptions, helpCommand } from "@parley/cli";
import type { Io } from "@parley/cli";
import { serveOptions, serversOptions } from "./options.ts";
import { auditCommand, authorizeCommand, pinsCommand, scanCommand } from "./safety-commands.ts";

/** What the command line around the program says. */
export interface ProgramOptions {
  /** What followed `--`. */
  readonly upstream?: readonly string[] | undefined;
  /** The name it was called by (default `mcpo`). */
  readonly name?: string | undefined;
}

const examples = `
Examples:
  mcpo -- uvx mcp-server-time                      one server; its tools are at /TOOL
  mcpo --type streamable-http -- https://host/mcp  one that runs elsewhere
  mcpo --config config.json --hot-reload           several; theirs are at /SERVER/TOOL
  mcpo check --config config.json                  say what is wrong with a file
  mcpo call time.get_current_time '{"timezone": "UTC"}' --config config.json
`;

/** The `mcpo` command. Commands are loaded when they run, so that `--help` is out at once. */
export function createProgram(io: Io, { upstream, name = "mcpo" }: ProgramOptions = {}): Command {
  const program = new Command(name)
    .description(
      "Put any set of MCP servers behind one address: a route for each tool, with OpenAPI documents.",
    )
    .helpOption("--help", "show this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText("after", examples);
  // mcpo's own: -h is the host there, and -v the version of the document.
  addOptions(program, serveOptions);
  program
    .argument("[command...]", "a server's program and arguments, or its address; better after --")
    .passThroughOptions()
    .action(async (words: readonly string[], flags: Record<string, unknown>) => {
      const { serve } = await import("./commands/serve.ts");
      await serve({ flags, upstream: upstream ?? (words.length > 0 ? words : undefined) }, io);
    });
  program.addCommand(checkCommand(io));
  program.addCommand(listCommand(io, upstream));
  program.addCommand(callCommand(io, upstream));
  program
    .addCommand(pinsCommand(io, upstream))
    .addCommand(scanCommand(io, upstream))
    .addCommand(auditCommand(io));
  program.addCommand(authorizeCommand(io));
  return helpCommand(program);
}

const json = ["--json", "print JSON"] as const;

function checkCommand(io: Io): Command {
  const check = new Command("check").description("Read a file of servers and say what is wrong with it.");
  const { config, env, envPath } = serversOptions;
  addOptions(check, { config, env, envPath }).option(...json);
  return check.action(async (flags: Record<string, unknown>) => {
    const { check: run } = await import("./commands/check.ts");
    await run(flags, io);
  });
}

function listCommand(io: Io, upstream: readonly string[] | undefined): Command {
  const list = new Command("list")
    .description("Connect to the servers once and show their state and tools.")
    .argument("[server...]", "only these");
  addOptions(list, serversOptions).option(...json);
  return list.action(async (only: readonly string[], flags: Record<string, unknown>) => {
    const { list: run } = await import("./commands/list.ts");
    await run({ flags, upstream, only }, io);
  });
}

function callCommand(io: Io, upstream: readonly string[] | undefined): Command {
  const call = new Command("call")
    .description("Call one tool and print its result.")
    .argument("<tool>", "server.tool, or the tool alone where there is one server")
    .argument("[arguments]", "a JSON object; - reads it from standard input");
  addOptions(call, serversOptions).option(...json);
  return call.action(async (tool: string, args: string | undefined, flags: Record<string, unknown>) => {
    const { call: run } = await import("./commands/call.ts");
    await run({ flags, upstream, tool, args }, io);
  });
}
