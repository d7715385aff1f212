import { ParleyError } from "@parley/core";

/** Some of a list, with where to go on. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  readonly next_cursor?: string;
}

/** A page of a list that is whole in memory. @throws `E_ARGUMENT_INVALID` for a cursor that is none of ours */
export function pageOf<Item>(
  all: readonly Item[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Page<Item> {
  const start = readOffset(cursor);
  const end = start + limit;
  return {
    items: all.slice(start, end),
    total: all.length,
    ...(end < all.length ? { next_cursor: String(end) } : {}),
  };
}

/** A place in a list or file. @throws `E_ARGUMENT_INVALID` */
export function readOffset(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `${JSON.stringify(cursor.slice(0, 40))} is no cursor: pass next_cursor of the answer before.`,
  );
}

/** Lines, with what to pass for the rest. */
export function sayPage(lines: readonly string[], next: string | undefined): string {
  const shown = lines.length === 0 ? ["(none)"] : lines;
  return [...shown, ...(next === undefined ? [] : [`More with cursor ${JSON.stringify(next)}.`])].join("\n");
}
