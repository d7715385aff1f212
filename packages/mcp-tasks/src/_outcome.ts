import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { TaskEvent } from "./states.ts";
import { JsonObject, RpcError } from "./task.ts";

const invalidParams = -32_602;
const internalError = -32_603;

/** Longest message of an error or a status. */
const maxMessageLength = 1000;

/** What a result becomes: JSON of bounded size, or the failure to be that. */
export function resultEvent(result: Readonly<Record<string, unknown>>, maxBytes: number): TaskEvent {
  const text = JSON.stringify(result);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) {
    const message = `The result has ${bytes} bytes, more than the ${maxBytes} that are kept.`;
    return failEvent(new ParleyError("E_TASK_RESULT", message));
  }
  return { kind: "complete", result: JsonObject.parse(JSON.parse(text)) };
}

/** What a throw becomes. */
export function failEvent(thrown: unknown): TaskEvent {
  return { kind: "fail", error: rpcErrorOf(thrown) };
}

const Coded = z.object({ code: z.number().int(), message: z.string(), data: z.unknown().optional() });

/** A thrown value as a JSON-RPC error: protocol errors keep their code, our own travel as its `data`. */
function rpcErrorOf(thrown: unknown): RpcError {
  if (ParleyError.isInstance(thrown)) {
    const code = thrown.code === "E_ARGUMENT_INVALID" ? invalidParams : internalError;
    return bounded({ code, message: thrown.message, data: thrown.toJSON() });
  }
  const coded = Coded.safeParse(thrown);
  if (coded.success) return bounded(coded.data);
  return bounded({ code: internalError, message: thrown instanceof Error ? thrown.message : String(thrown) });
}

function bounded({ code, message, data }: { code: number; message: string; data?: unknown }): RpcError {
  const error = { code, message: plainText(message) };
  const parsed = data === undefined ? undefined : RpcError.safeParse({ ...error, data: jsonOf(data) });
  return parsed?.data ?? error;
}

function jsonOf(data: unknown): unknown {
  try {
    const text = JSON.stringify(data) ?? "null";
    return text.length <= 16 * maxMessageLength ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Text that a terminal can show: no control characters, bounded. */
export function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return text.replace(/[\u0000-\u001F\u007F-\u009F]+/g, " ").slice(0, maxMessageLength);
}
