import { ParleyError } from "@parley/core";
import { protocolError } from "./_errors.ts";
import { isObject } from "./_messages.ts";
import type { Peer } from "./_peer.ts";
import type { JsonObject } from "./json.ts";

const maxPages = 100;
const maxItems = 10_000;
const methodNotFound = -32_601;

/** A list and how to ask for a page of it. */
export interface Listing {
  /** The property of a page that holds the items: `tools`. */
  readonly key: string;
  readonly ask: (params: JsonObject) => Promise<JsonObject>;
}

/** What is no object is no item; a peer that sends one among others has them for all that. */
function itemsOf(peer: Peer, key: string, page: JsonObject): JsonObject[] {
  const items = page[key];
  if (Array.isArray(items) && (items.length === 0 || items.some(isObject))) return items.filter(isObject);
  throw protocolError(peer, `answered without a list of ${key}`);
}

/** Follows cursors to the end of a list; a peer that has no such list has nothing in it. */
export async function collectPages(peer: Peer, { key, ask }: Listing): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    let answer: JsonObject;
    try {
      answer = await ask(cursor === undefined ? {} : { cursor });
    } catch (error) {
      const absent = ParleyError.isInstance(error) && error.details["rpcCode"] === methodNotFound;
      if (absent && page === 0) return [];
      throw error;
    }
    items.push(...itemsOf(peer, key, answer));
    if (items.length > maxItems) break;
    const next = answer["nextCursor"];
    if (typeof next !== "string" || next === "") return items;
    if (next === cursor) throw protocolError(peer, `repeats the page of ${key} it just sent`);
    cursor = next;
  }
  throw protocolError(peer, `lists more than ${maxItems} ${key} or ${maxPages} pages of them`);
}
