import { type ErrorRecord, ParleyError, toParleyError } from "@parley/core";
import { errorOf } from "@parley/tool-registry";
import type { ToolResult } from "@parley/tool-registry";

/** A failure as it leaves over REST: our record, and in `detail` what mcpo says in its place. */
export interface RestFault {
  readonly status: number;
  readonly error: ErrorRecord;
  readonly detail: unknown;
}

const failed = 502;
const timedOut = 504;
const unfit = 422;

/** Statuses of what JSON-RPC errors of a server mean; the others are failures of the server. */
const ofRpcCode: Readonly<Record<number, number>> = {
  [-32_601]: 404,
  [-32_602]: unfit,
  [-32_002]: 404,
  [-32_021]: unfit,
};
const ofCode: Readonly<Record<string, number>> = {
  E_CALL_LIMIT: 429,
  E_INTERNAL: 500,
  E_INPUT_EXPIRED: 410,
  E_INPUT_UNSUPPORTED: unfit,
  E_INTERRUPTED: 499,
  E_MCP_TIMEOUT: timedOut,
  E_OBJECT_UNKNOWN: 404,
  E_REPLAY_UNKNOWN: 404,
  E_TOOL_UNKNOWN: 404,
  E_ARGUMENT_INVALID: unfit,
};

/** What a server's failure comes to: whatever it says of its own peers is no fault of the caller. */
export function faultOfError(thrown: unknown): RestFault {
  const error = toParleyError(thrown);
  const { rpcCode, rpcMessage, rpcData } = error.details;
  const status =
    (typeof rpcCode === "number" ? ofRpcCode[rpcCode] : undefined) ?? ofCode[error.code] ?? failed;
  const detail = {
    message: typeof rpcMessage === "string" ? rpcMessage : error.message,
    ...(rpcData === undefined ? {} : { data: rpcData }),
  };
  return { status, error: error.toJSON(), detail };
}

const codes: Readonly<Record<number, string>> = { 404: "E_TOOL_UNKNOWN", [unfit]: "E_ARGUMENT_INVALID" };

/** What a result with `isError` comes to. @param isUnfit - whether the arguments do not fit the tool's schema */
export function faultOfResult(result: ToolResult, isUnfit: boolean): RestFault {
  const { content, structuredContent } = result;
  const text = content.find(({ type }) => type === "text")?.["text"];
  const message = typeof text === "string" && text !== "" ? text : "The tool failed and says no more.";
  const record = errorOf(result);
  const rest = content.length > 1 || structuredContent !== undefined;
  const status = statusOf(record, message, isUnfit);
  return {
    status,
    error: record ?? {
      code: codes[status] ?? "E_TOOL_FAILED",
      message,
      retryable: false,
      ...(rest
        ? { details: { content, ...(structuredContent === undefined ? {} : { structuredContent }) } }
        : {}),
    },
    detail: { message, ...(structuredContent === undefined ? {} : { data: structuredContent }) },
  };
}

/** How the MCP SDKs begin what they say of arguments, and of tools they do not know. */
const unfitWords = /^(?:MCP error -32602: )?(?:Input validation error|Invalid arguments for tool)/;
const unknownWords = /^(?:MCP error -32602: )?(?:Tool \S+ not found|Unknown tool:?)/;

function statusOf(record: ErrorRecord | undefined, message: string, isUnfit: boolean): number {
  if (unknownWords.test(message)) return 404;
  if (isUnfit || unfitWords.test(message)) return unfit;
  return (record === undefined ? undefined : ofCode[record.code]) ?? failed;
}

/** The fault of arguments that are no JSON object. */
export function unreadable(message: string): RestFault {
  const error = new ParleyError("E_ARGUMENT_INVALID", message);
  return {
    status: unfit,
    error: error.toJSON(),
    detail: [{ type: "json_invalid", loc: ["body"], msg: message }],
  };
}
