import { z } from "zod";
import type { Reply } from "./backend.ts";
import { findId, readTable } from "./text.ts";

/** What the engine says, as it says it. */
const Message = z.string();

const Rows = z.array(z.record(z.string(), z.string()));

/** A list as the engine words it, and its rows where it is a pipe table. */
export const Listing = z.object({ message: Message, rows: Rows });

export const Said = z.object({ message: Message });

export const Requested = z.object({
  message: Message,
  /** What `request_info` takes. */
  request_id: z.string().optional(),
});

/** A reply as a list. */
export function listingOf({ message }: Reply): z.infer<typeof Listing> {
  return { message, rows: readTable(message) };
}

/** A string of an answer. */
export function textOf({ data }: Pick<Reply, "data">, name: string): string | undefined {
  const value = data[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The ID in an answer's field, else the first of its kind in its words. */
export function idOf(reply: Reply, name: string, kind: "c" | "j" | "s"): string | undefined {
  return textOf(reply, name) ?? findId(kind, reply.message);
}

/** A reply with the request it began. */
export function requestedOf(reply: Reply): z.infer<typeof Requested> {
  const request_id = textOf(reply, "request_id");
  return { message: reply.message, ...(request_id === undefined ? {} : { request_id }) };
}

/** The message of an answer. */
export const sayMessage = ({ message }: { readonly message: string }): string => message;
