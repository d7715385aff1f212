import {
  isInputRequiredResult,
  MissingRequiredClientCapabilityError,
  ProtocolErrorCode,
  SERVER_INFO_META_KEY,
  specTypeSchemas,
} from "@modelcontextprotocol/server";
import type { ToolResult } from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import type { FastRequest } from "./fast-request.ts";
import { protocolError } from "./protocol-errors.ts";
import { listTtlMs, serverInfo, type Shared } from "./protocol-server.ts";

/** Answers a request of the thin path with JSON text, equal to what the SDK would send. */
export interface FastAnswers {
  list(id: string | number): string;
  call(
    request: FastRequest & { method: "tools/call" },
    caller: Caller,
    controller: AbortController,
  ): Promise<FastAnswer>;
}

/** JSON text and the HTTP status that belongs to it. */
interface FastAnswer {
  readonly status: number;
  readonly json: string;
}

export function createFastAnswers(shared: Shared): FastAnswers {
  const info = serverInfo(shared.identity);
  const meta = { [SERVER_INFO_META_KEY]: info };
  const listTail = `,"resultType":"complete","ttlMs":${listTtlMs},"cacheScope":"private","_meta":${JSON.stringify(meta)}}`;
  return {
    list: (id) => reply(id, "result", `{"tools":${shared.lists().toolsJson}${listTail}`),
    async call({ id, name, args, _meta, capabilities }, caller, controller) {
      try {
        const came = await shared.calls.run({
          name,
          args,
          caller,
          controller,
          round: { era: "2026", capabilities },
          ...(_meta === undefined ? {} : { _meta }),
        });
        if (isInputRequiredResult(came)) {
          return ok(reply(id, "result", JSON.stringify({ ...came, _meta: { ...meta, ...came._meta } })));
        }
        const result = checkResult(came);
        if (result === undefined) return ok(reply(id, "error", JSON.stringify(badResult)));
        const stamped = { ...result, resultType: "complete", _meta: { ...meta, ...result._meta } };
        return ok(reply(id, "result", JSON.stringify(stamped)));
      } catch (thrown) {
        const { code, message, data } = protocolError(thrown);
        const status = thrown instanceof MissingRequiredClientCapabilityError ? 400 : 200;
        return { status, json: reply(id, "error", JSON.stringify({ code, message, data })) };
      }
    },
  };
}

const badResult = { code: ProtocolErrorCode.InvalidParams, message: "Invalid tools/call result" };

function ok(json: string): FastAnswer {
  return { status: 200, json };
}

function reply(id: string | number, kind: "result" | "error", json: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"${kind}":${json}}`;
}

const resultKeys = new Set(["content", "structuredContent", "isError", "_meta"]);

/** A result of nothing but text needs no schema; any other is read by the protocol's. */
function checkResult(result: ToolResult): ToolResult | undefined {
  const plain = isPlain(result) ? result : parseResult(result);
  return plain === undefined ? undefined : withTextTwin(plain);
}

function isPlain(result: ToolResult): boolean {
  for (const key in result) if (!resultKeys.has(key)) return false;
  const { content, isError, _meta } = result;
  if (isError !== undefined && typeof isError !== "boolean") return false;
  if (_meta !== undefined && (typeof _meta !== "object" || _meta === null || Array.isArray(_meta)))
    return false;
  return content.every(
    (block) => block.type === "text" && typeof block["text"] === "string" && Object.keys(block).length === 2,
  );
}

function parseResult(result: ToolResult): ToolResult | undefined {
  const parsed = specTypeSchemas.CallToolResult["~standard"].validate(result);
  if (parsed instanceof Promise || parsed.issues !== undefined) return undefined;
  return parsed.value;
}

/** Structured content that is no object gets a text twin: what the SDK does for clients that read text only. */
function withTextTwin(result: ToolResult): ToolResult {
  const { structuredContent: value, content } = result;
  if (value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value)))
    return result;
  if (content.some((block) => block.type === "text")) return result;
  return { ...result, content: [...content, { type: "text", text: JSON.stringify(value) }] };
}
