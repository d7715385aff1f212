import type { OptionTable, OptionValues, Origin } from "./option.ts";
import { settle } from "./settle.ts";
import type { OptionSources, Settled } from "./settle.ts";

export interface Resolved<Table extends OptionTable> {
  readonly values: OptionValues<Table>;
  readonly origins: { readonly [Key in keyof Table]: Origin };
}

/** Settles every option and keeps going at one that cannot be used; for whoever shows or checks them all. */
export function settleOptions<Table extends OptionTable>(
  table: Table,
  sources: OptionSources,
): { readonly [Key in keyof Table]: Settled } {
  const entries = Object.entries(table).map(([key, definition]) => [key, settle(definition, sources)]);
  return Object.fromEntries(entries) as { readonly [Key in keyof Table]: Settled }; // the table's own keys
}

/**
 * Settles every option: flag over variable over file over default; lists of flag and file add up.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` naming the flag, variable or key of the first that cannot be used
 */
export function resolveOptions<Table extends OptionTable>(
  table: Table,
  sources: OptionSources,
): Resolved<Table> {
  const settled = Object.entries(settleOptions(table, sources));
  for (const [, { problem }] of settled) if (problem) throw problem;
  return {
    values: Object.fromEntries(settled.map(([key, { value }]) => [key, value])) as OptionValues<Table>,
    origins: Object.fromEntries(
      settled.map(([key, { origin }]) => [key, origin]),
    ) as Resolved<Table>["origins"],
  };
}
