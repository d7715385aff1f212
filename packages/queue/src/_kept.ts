import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { Context } from "./_context.ts";
import { encode } from "./_context.ts";
import { parseArgument } from "./_errors.ts";
import type { Sql } from "./_sql.ts";

const Key = z.string().min(1).max(200);

/** Apart from what the queue itself keeps in the table. */
const rowKey = (key: string): string => `kept:${parseArgument(Key, key)}`;

/** Writes a value down. @throws `E_ARGUMENT_INVALID` when it is too large */
export function keep(context: Context, { key, value }: { key: string; value: unknown }): void {
  const encoded = encode(context, value);
  if ("problem" in encoded) {
    throw new ParleyError("E_ARGUMENT_INVALID", `The value for ${key} was not kept: ${encoded.problem}.`);
  }
  context.sql<[string, string]>("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(rowKey(key), encoded.text);
}

/** Reads it again; `undefined` when there is none. */
export function kept(sql: Sql, key: string): unknown {
  const row = sql<[string], { value: string }>("SELECT value FROM meta WHERE key = ?").get(rowKey(key));
  return row === undefined ? undefined : JSON.parse(row.value);
}
