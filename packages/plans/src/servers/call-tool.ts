import { ParleyError } from "@parley/core";
import type { JsonObject, McpCallOptions } from "@parley/mcp-client";
import { errorOf, readRemoteResult } from "@parley/tool-registry";
import { z } from "zod";
import type { FoundTool } from "./catalog.ts";
import { bounded, wordsOf } from "./words.ts";

/** What a tool answered. */
export interface CallResult {
  readonly text: string;
  readonly structured?: Readonly<Record<string, unknown>> | undefined;
  readonly isError: boolean;
  /** The code of a tool of ours that failed. */
  readonly code?: string | undefined;
}

/** A call that goes on at its server after its request ended. */
export interface Handle {
  readonly task: string;
  /** The tool that tells of it. */
  readonly poll: string;
}

/** Options of {@link callTool}. */
export interface CallToolOptions extends McpCallOptions {
  /** Hears, before anything is waited for, that the call outlives its request. */
  readonly onHandle: (handle: Handle) => Promise<void>;
}

const Working = z.looseObject({ taskId: z.string().min(1), status: z.string(), poll: z.string().min(1) });
const Polled = z.looseObject({
  status: z.string(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

/** Calls a tool to its end, also where the server answers with a handle after a while. */
export async function callTool(
  found: FoundTool,
  args: JsonObject,
  { onHandle, ...options }: CallToolOptions,
): Promise<CallResult> {
  const raw = await found.client.callTool(found.tool.name, args, options);
  const result = toResult(raw, found.server);
  const working = Working.safeParse(result.structured);
  if (!working.success || working.data.status !== "working") return result;
  const handle = { task: working.data.taskId, poll: working.data.poll };
  await onHandle(handle);
  return await followHandle(found, handle, options);
}

/** Waits for a call that goes on at its server. */
export async function followHandle(
  { client, server }: FoundTool,
  { task, poll }: Handle,
  options: McpCallOptions,
): Promise<CallResult> {
  for (;;) {
    options.signal?.throwIfAborted();
    const raw = await client.callTool(
      poll,
      { taskId: task, wait_seconds: 20 },
      { ...options, timeoutMs: 60_000 },
    );
    const answer = toResult(raw, server);
    const polled = Polled.safeParse(answer.structured);
    if (!polled.success) return { ...answer, isError: true };
    const { status, result, error } = polled.data;
    if (status === "working" || status === "input_required") continue;
    if (status === "completed" && result !== undefined) return toResult(result, server);
    return { text: error?.message ?? (answer.text || `The call ended as ${status}.`), isError: true };
  }
}

function toResult(raw: JsonObject, server: string): CallResult {
  const result = readRemoteResult(raw, `server ${server}`);
  const { structuredContent: structured } = result;
  const code = result.isError === true ? errorOf(result)?.code : undefined;
  return {
    text: bounded(wordsOf(result.content)),
    isError: result.isError === true,
    ...(isRecord(structured) ? { structured } : {}),
    ...(code === undefined ? {} : { code }),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a call that threw was cut off, so that nobody knows whether it was done; the others were refused. */
export function wasCutOff(error: unknown): boolean {
  if (!ParleyError.isInstance(error)) return true;
  if (error.code === "E_MCP_PROTOCOL") return error.details["rpcCode"] === undefined;
  return ["E_MCP_UNREACHABLE", "E_MCP_TIMEOUT", "E_INTERRUPTED", "E_INTERNAL"].includes(error.code);
}
