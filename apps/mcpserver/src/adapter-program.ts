import { Command } from "commander";
import { addOptions } from "@parley/cli";
import type { Io, OptionTable, OptionValues } from "@parley/cli";
import type { OwnContext, OwnItems } from "./own-part.ts";
import { addStartOptions } from "./start-command.ts";
import type { StartDefaults } from "./start-command.ts";

/** How {@link adapterProgram} is called. */
export interface AdapterProgram<Table extends OptionTable> {
  /** Name of the command, and what clients are told the server is called: `parley-nomad`. */
  readonly program: string;
  readonly description: string;
  readonly version: string;
  /** Shown to people by clients. */
  readonly title?: string | undefined;
  /** What a client's model is told of the server. */
  readonly instructions?: string | undefined;
  /** The adapter's own options: no flag of `mcpserver start` may be among them. */
  readonly options: Table;
  /** In place of the defaults of `mcpserver start`; the transport is stdio unless given here. */
  readonly defaults?: StartDefaults | undefined;
  /** Defaults that follow from the adapter's own settings, such as the port of a face that was asked for. */
  implied?(settings: OptionValues<Table>): StartDefaults;
  /** Lines for `--help`, one command each. */
  readonly examples?: readonly string[] | undefined;
  /** Opens what is served. Import the tools here and nowhere above, so that `--help` does not wait for them. */
  open(settings: OptionValues<Table>, context: OwnContext): OwnItems | Promise<OwnItems>;
}

/**
 * An adapter's tools as a program: its own options and all of `mcpserver start`, over stdio unless another transport, a
 * port or a host is asked for.
 */
export function adapterProgram<Table extends OptionTable>(io: Io, adapter: AdapterProgram<Table>): Command {
  const defaults: StartDefaults = { transport: "stdio", ...adapter.defaults };
  const program = new Command(adapter.program)
    .description(adapter.description)
    .version(adapter.version, "--version", "print the version")
    .helpCommand(false);
  addOptions(program, adapter.options);
  addStartOptions(program, defaults);
  if (adapter.examples !== undefined) {
    program.addHelpText(
      "after",
      ["", "Examples:", ...adapter.examples.map((line) => `  ${line}`)].join("\n"),
    );
  }
  return program.action(async (flags: Record<string, unknown>) => {
    const { runStart } = await import("./commands/start.ts");
    const { program: name, version, title, instructions, options } = adapter;
    await runStart(flags, io, {
      defaults,
      own: {
        name,
        version,
        title,
        instructions,
        options,
        implied: (own) => ({ ...byFlags(flags), ...adapter.implied?.(typed<Table>(own)) }),
        open: ({ own }, context) => adapter.open(typed<Table>(own), context),
      },
    });
  });
}

/** A table's values, whose kinds a program without type parameters does not carry. */
function typed<Table extends OptionTable>(own: Readonly<Record<string, unknown>>): OptionValues<Table> {
  return own as OptionValues<Table>; // they were settled with this table
}

/** Who names a port or a host wants to be called over the network. */
function byFlags(flags: Readonly<Record<string, unknown>>): StartDefaults {
  return flags["port"] === undefined && flags["host"] === undefined ? {} : { transport: "http" };
}
