import { type ErrorCode, errorTable, ParleyError } from "@parley/core";
import type { JsonObject, McpCallOptions, McpClient } from "@parley/mcp-client";
import { createCallFinder } from "./find-call.ts";
import { createMask } from "./mask.ts";
import type { RecordedCall, ServerRecording } from "./read-recording.ts";

const nothing = async (): Promise<void> => undefined;

/** A client of a server that is not there: it answers what the server answered when it was recorded. */
export function replayClient(recording: ServerRecording): McpClient {
  const { name, info, lists } = recording;
  const finder = createCallFinder(recording, createMask([]));
  const listed = (method: keyof typeof lists) => async () => lists[method] ?? [];
  const answer = async (
    method: string,
    params: JsonObject,
    call: McpCallOptions = {},
  ): Promise<JsonObject> => {
    const found = finder.find(method, params);
    for (const report of found.progress ?? []) call.onProgress?.(report);
    return outcomeOf(name, found);
  };
  return {
    era: "modern",
    server: info,
    listTools: listed("tools/list"),
    listPrompts: listed("prompts/list"),
    listResources: listed("resources/list"),
    listResourceTemplates: listed("resources/templates/list"),
    readResource: (uri, call) => answer("resources/read", { uri }, call),
    getPrompt: (prompt, args = {}, call) => answer("prompts/get", { name: prompt, arguments: args }, call),
    callTool: (tool, args = {}, call) => answer("tools/call", { name: tool, arguments: args }, call),
    complete: (completion, call) => answer("completion/complete", { ...completion }, call),
    request: (method, params = {}, call) => answer(method, params, call),
    discover: async () => info,
    ping: async () => 0,
    subscribeResource: nothing,
    unsubscribeResource: nothing,
    setLogLevel: nothing,
    notify: nothing,
    close: nothing,
  };
}

/** @throws what the recorded call failed with */
function outcomeOf(server: string, { result, error, cutBytes, line }: RecordedCall): JsonObject {
  if (result !== undefined) return result;
  if (error !== undefined) {
    const { code, message, details } = error;
    throw new ParleyError(isCode(code) ? code : "E_MCP_PROTOCOL", message, { details });
  }
  const size = cutBytes === undefined ? "" : ` of ${cutBytes} bytes`;
  throw new ParleyError(
    "E_REPLAY_UNKNOWN",
    `The answer${size} on line ${line} of ${server} was too large to be recorded.`,
  );
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
