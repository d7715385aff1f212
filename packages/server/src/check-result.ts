import type { ToolResult } from "@parley/tool-registry";
import { rpcCode } from "./rpc-fault.ts";
import { loadSdk } from "./sdk.ts";

/** The error a client gets in place of a result that the protocol does not accept. */
export const badResult = { code: rpcCode.invalidParams, message: "Invalid tools/call result" };

const resultKeys = new Set(["content", "structuredContent", "isError", "_meta"]);

/** A result of nothing but text needs no schema; any other is read by the protocol's. */
export function checkResult(result: ToolResult): ToolResult | Promise<ToolResult | undefined> {
  return isPlain(result) ? withTextTwin(result) : parseResult(result);
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

async function parseResult(result: ToolResult): Promise<ToolResult | undefined> {
  const { specTypeSchemas } = await loadSdk();
  const parsed = specTypeSchemas.CallToolResult["~standard"].validate(result);
  if (parsed instanceof Promise || parsed.issues !== undefined) return undefined;
  return withTextTwin(parsed.value);
}

/** Structured content that is no object gets a text twin: what the SDK does for clients that read text only. */
function withTextTwin(result: ToolResult): ToolResult {
  const { structuredContent: value, content } = result;
  if (value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value)))
    return result;
  if (content.some((block) => block.type === "text")) return result;
  return { ...result, content: [...content, { type: "text", text: JSON.stringify(value) }] };
}
