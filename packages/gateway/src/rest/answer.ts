import type { ContentBlock, Tool, ToolResult } from "@parley/tool-registry";
import { toolResultType } from "../openapi/operations.ts";
import { acceptedTypes, prefersOverJson } from "./accept.ts";

/** A body and what it is. */
export interface Answer {
  readonly type: string;
  readonly body: string | Buffer;
}

const json = "application/json; charset=utf-8";

/**
 * A tool's result as the caller asked for it: whole as MCP has it, a picture or sound as itself, and otherwise in the
 * form of mcpo: structured content if there is any, else the blocks, one of them alone or several in a list.
 */
export function answerOf(result: ToolResult, tool: Tool, accept: string | undefined): Answer {
  const accepted = acceptedTypes(accept);
  if (prefersOverJson(accepted, toolResultType))
    return { type: toolResultType, body: JSON.stringify(result) };
  return mediaOf(result, accepted) ?? { type: json, body: bodyOf(result, tool) };
}

/** Whether the caller takes a failed result as a result. */
export function takesWholeResult(accept: string | undefined): boolean {
  return prefersOverJson(acceptedTypes(accept), toolResultType);
}

function bodyOf({ content, structuredContent }: ToolResult, { outputSchema }: Tool): string {
  const parts = content.map(partOf);
  if (structuredContent === undefined) return parts.length === 1 ? (parts[0] ?? "") : `[${parts.join(",")}]`;
  const structured = JSON.stringify(structuredContent);
  const others = content.filter(({ type }) => type !== "text").map(partOf);
  // A declared schema promises just this; without one nothing else may be lost.
  return outputSchema !== undefined || others.length === 0
    ? structured
    : `[${[structured, ...others].join(",")}]`;
}

/** JSON text of a block. Text that is JSON stays as the server wrote it, so that no large number is rounded. */
function partOf(block: ContentBlock): string {
  const { type, text } = block;
  if (type === "text" && typeof text === "string") return isJson(text) ? text : JSON.stringify(text);
  const media = mediaIn(block);
  if (media !== undefined && type !== "resource") {
    return JSON.stringify(`data:${media.type};base64,${media.data}`);
  }
  return JSON.stringify(block);
}

function isJson(text: string): boolean {
  // Most text is none, which its first sign tells.
  if (!/^\s*(?:[[{"\d-]|true|false|null)/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Media {
  readonly type: string;
  /** Base64. */
  readonly data: string;
}

function mediaOf({ content }: ToolResult, accepted: readonly string[]): Answer | undefined {
  const [block, ...others] = content;
  if (block === undefined || others.length > 0) return undefined;
  const { type, text } = block;
  if (type === "text" && typeof text === "string") {
    const plain = "text/plain";
    return prefersOverJson(accepted, plain) ? { type: `${plain}; charset=utf-8`, body: text } : undefined;
  }
  const media = mediaIn(block);
  if (media === undefined || !prefersOverJson(accepted, media.type)) return undefined;
  return { type: media.type, body: Buffer.from(media.data, "base64") };
}

function mediaIn(block: ContentBlock): Media | undefined {
  const { type, resource } = block;
  if (type === "image" || type === "audio") return mediaFrom(block["mimeType"], block["data"]);
  if (type !== "resource" || typeof resource !== "object" || resource === null) return undefined;
  return "blob" in resource && "mimeType" in resource
    ? mediaFrom(resource.mimeType, resource.blob)
    : undefined;
}

function mediaFrom(type: unknown, data: unknown): Media | undefined {
  return typeof data === "string" ? { type: mediaType(type), data } : undefined;
}

/** A server's word for a type, if it can stand in a header. */
export function mediaType(type: unknown, fallback = "application/octet-stream"): string {
  return typeof type === "string" && /^[\w.+-]+\/[\w.+-]+(?:;[\w\s.=+"-]*)?$/.test(type) ? type : fallback;
}
