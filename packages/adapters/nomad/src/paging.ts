import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { Call } from "./call.ts";
import type { NomadRequest } from "./client.ts";

/** How much of a list is wanted. */
export interface PageArgs {
  readonly per_page: number;
  readonly next_token?: string | undefined;
}

/** A part of a list; `next_token` is absent on the last. */
export interface Page<T> {
  readonly entries: T[];
  readonly next_token?: string;
}

const offsetToken = /^offset:(\d{1,9})$/;

/**
 * Reads a part of a list. Nomad pages from 1.3 on and only some lists: where it answers with everything, the part
 * is cut here and the token is an offset.
 */
export async function readPage<S extends z.ZodType>(
  call: Call,
  request: { readonly schema: S; readonly args: PageArgs } & Omit<NomadRequest, "signal">,
): Promise<Page<z.output<S>>> {
  const { schema, args, query, ...rest } = request;
  const given = offsetToken.exec(args.next_token ?? "");
  const offset = given === null ? 0 : Number(given[1]);
  const theirs = given === null ? args.next_token : undefined;
  const paged = given === null ? { per_page: args.per_page, next_token: theirs } : {};
  const { data, nextToken } = await call.nomad.request(z.array(schema).nullable(), {
    ...rest,
    query: { ...query, ...paged },
    signal: call.signal,
  });
  const found = data ?? [];
  const entries = found.slice(offset, offset + args.per_page);
  const after = offset + entries.length;
  if (nextToken !== undefined) return { entries, next_token: nextToken };
  return after < found.length ? { entries, next_token: `offset:${String(after)}` } : { entries };
}

/** A part of a long text. */
export const TextPart = z.object({
  text: z.string(),
  total_characters: z.number().int(),
  /** Absent at the end. */
  next_offset: z.number().int().optional(),
});

/** Cuts a part out of a text. @throws `E_ARGUMENT_INVALID` for an offset behind its end */
export function cutText(whole: string, offset: number, budget = 50_000): z.infer<typeof TextPart> {
  if (offset > whole.length) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `Offset ${String(offset)} lies behind the end, ${String(whole.length)}.`,
    );
  }
  const text = whole.slice(offset, offset + budget);
  const end = offset + text.length;
  return { text, total_characters: whole.length, ...(end < whole.length ? { next_offset: end } : {}) };
}
