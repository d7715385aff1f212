import { resolveOptions } from "@parley/cli";
import type { OptionTable, OptionValues } from "@parley/cli";
import type { CommandInput } from "../dependencies.ts";
import { secretaryOptions } from "./options.ts";

/** Settles a command's options, the program's own included. */
export function readSecretaryOptions<Table extends OptionTable>(
  { flags, io }: CommandInput,
  table: Table,
): OptionValues<Table> & OptionValues<typeof secretaryOptions> {
  const sources = { flags, env: io.env };
  return { ...resolveOptions(table, sources).values, ...resolveOptions(secretaryOptions, sources).values };
}
