import { ParleyError } from "@parley/core";

/** A list item with what it is sorted by; keys of one list are unique and ascend. */
export interface Keyed<Item> {
  readonly key: string;
  readonly item: Item;
}

export interface PageRequest {
  readonly cursor?: string | undefined;
  /** Absent: all that follow the cursor. */
  readonly limit?: number | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page. */
  readonly nextCursor?: string | undefined;
}

/**
 * One page of a sorted list. A cursor holds the key of the last item that was seen, so that items which come or go
 * between two pages neither repeat nor hide others.
 * @param list - what is listed; a cursor of one list is refused by another.
 * @throws `E_ARGUMENT_INVALID` for a cursor this list never gave out
 */
export function pageOf<Item>(
  list: string,
  all: readonly Keyed<Item>[],
  { cursor, limit }: PageRequest,
): Page<Item> {
  const after = cursor === undefined ? undefined : readCursor(list, cursor);
  const found = after === undefined ? 0 : all.findIndex(({ key }) => key > after);
  const start = found === -1 ? all.length : found;
  const page = all.slice(start, limit === undefined ? undefined : start + limit);
  const last = page.at(-1);
  const items = page.map(({ item }) => item);
  return last === undefined || start + page.length >= all.length
    ? { items }
    : { items, nextCursor: writeCursor(list, last.key) };
}

function writeCursor(list: string, key: string): string {
  return Buffer.from(JSON.stringify([list, key])).toString("base64url");
}

function readCursor(list: string, cursor: string): string {
  const parts = parse(Buffer.from(cursor, "base64url").toString("utf8"));
  if (Array.isArray(parts) && parts.length === 2 && parts[0] === list && typeof parts[1] === "string") {
    const key: string = parts[1];
    if (writeCursor(list, key) === cursor) return key;
  }
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `The cursor is none that /${list}/list gave out; start again without one.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
