import { Command } from "commander";
import { addOptions, helpCommand } from "@parley/cli";
import type { Io } from "@parley/cli";
import { serveOptions, serversOptions, waitOption, warmOptions } from "./options.ts";
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
  mcpo --stdio --config config.json                all of them, over stdio, for Claude Desktop and the like
  mcpo check --config config.json                  say what is wrong with a file
  mcpo warm --config config.json                   download what its programs need
  mcpo call time.get_current_time timezone=UTC --config config.json
  mcpo record --config config.json --out session.jsonl
  mcpo replay session.jsonl                        the same servers, from what was recorded
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
      if (upstream === undefined && words.length > 0) {
        const { refuseMistyped } = await import("./mistyped.ts");
        const commands = program.commands.map((command) => command.name());
        await refuseMistyped(words, { commands, path: io.env["PATH"] });
      }
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
  program.addCommand(recordCommand(io, upstream));
  program.addCommand(replayCommand(io));
  program.addCommand(warmCommand(io, upstream));
  return helpCommand(program);
}

const json = ["--json", "print JSON"] as const;

function checkCommand(io: Io): Command {
  const check = new Command("check").description("Read a file of servers and say what is wrong with it.");
  const { config, env, envPath, timeout, tokenDirectory } = serversOptions;
  addOptions(check, { config, env, envPath, timeout, tokenDirectory })
    .option("--connect", "try the servers too; 4 when one is away")
    .option(...json);
  return check.action(async (flags: Record<string, unknown>) => {
    const { check: run } = await import("./commands/check.ts");
    await run(flags, io);
  });
}

function listCommand(io: Io, upstream: readonly string[] | undefined): Command {
  const list = new Command("list")
    .description("Connect to the servers once and show their state and tools.")
    .argument("[server...]", "only these");
  addOptions(list, { ...serversOptions, wait: waitOption })
    .option("--tools", "a line for each tool")
    .option(...json);
  return list.action(async (only: readonly string[], flags: Record<string, unknown>) => {
    const { list: run } = await import("./commands/list.ts");
    await run({ flags, upstream, only }, io);
  });
}

function warmCommand(io: Io, upstream: readonly string[] | undefined): Command {
  const warm = new Command("warm")
    .description("Start each program once, so that what it downloads is there before it is needed.")
    .argument("[server...]", "only these");
  const { config, env, envPath, startTimeout } = serversOptions;
  addOptions(warm, { config, env, envPath, startTimeout, ...warmOptions }).option(...json);
  return warm.action(async (only: readonly string[], flags: Record<string, unknown>) => {
    const { warm: run } = await import("./commands/warm.ts");
    await run({ flags, upstream, only }, io);
  });
}

function callCommand(io: Io, upstream: readonly string[] | undefined): Command {
  const call = new Command("call")
    .description("Call one tool and print its result.")
    .argument("<tool>", "server.tool, or the tool alone where there is one server")
    .argument(
      "[arguments...]",
      "name=value, name:=JSON, one JSON object, or - to read that from standard input",
    );
  addOptions(call, serversOptions).option(...json);
  return call.action(async (tool: string, words: readonly string[], flags: Record<string, unknown>) => {
    const { call: run } = await import("./commands/call.ts");
    await run({ flags, upstream, tool, words }, io);
  });
}

function recordCommand(io: Io, upstream: readonly string[] | undefined): Command {
  const record = new Command("record")
    .description("Serve, and write down what is exchanged with the servers; no secret is written.")
    .helpOption("--help", "show this help");
  addOptions(record, serveOptions)
    .requiredOption("--out <file>", "where to write: a line of JSON for each exchange")
    .option("--overwrite", "write over a file that is there");
  return record.action(async (flags: Record<string, unknown>) => {
    const [{ serve }, { recordedSource }] = await Promise.all([
      import("./commands/serve.ts"),
      import("./recording-source.ts"),
    ]);
    const file = { path: String(flags["out"]), overwrite: flags["overwrite"] === true };
    await serve({ flags, upstream, open: recordedSource(file) }, io);
  });
}

function replayCommand(io: Io): Command {
  const replay = new Command("replay")
    .description("Serve what was recorded, without the servers.")
    .helpOption("--help", "show this help")
    .argument("<file>", "what mcpo record has written");
  const { config: _config, hotReload: _hotReload, ...options } = serveOptions;
  addOptions(replay, options);
  return replay.action(async (file: string, flags: Record<string, unknown>) => {
    const [{ serve }, { replayedSource }] = await Promise.all([
      import("./commands/serve.ts"),
      import("./recording-source.ts"),
    ]);
    await serve({ flags, upstream: undefined, open: replayedSource(file) }, io);
  });
}
