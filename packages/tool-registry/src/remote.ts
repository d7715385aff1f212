import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { CacheHint, ContentBlock, JsonSchema, Tool, ToolResult } from "./definitions.ts";
import { readInputSchema, readOutputSchema } from "./remote-schema.ts";
import { isRecord } from "./tool-result.ts";

/** A tool as another server described it: data, nothing of it trusted. */
export interface RemoteTool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema | undefined;
  readonly annotations?: Tool["annotations"];
  readonly icons?: Tool["icons"];
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

const Definition = z.looseObject({
  name: z.string().min(1).max(256),
  title: z.string().optional().catch(undefined),
  description: z.string().max(20_000).optional().catch(undefined),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()).optional().catch(undefined),
  annotations: z
    .looseObject({
      title: z.string().optional(),
      readOnlyHint: z.boolean().optional(),
      destructiveHint: z.boolean().optional(),
      idempotentHint: z.boolean().optional(),
      openWorldHint: z.boolean().optional(),
    })
    .optional()
    .catch(undefined),
  icons: z
    .array(
      z.looseObject({
        src: z.string(),
        mimeType: z.string().optional(),
        sizes: z.array(z.string()).optional(),
        theme: z.enum(["light", "dark"]).optional(),
      }),
    )
    .max(16)
    .optional()
    .catch(undefined),
  _meta: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

/** Takes a definition whose name and schemas can be served; the schemas pass untouched where clients take them. */
export function readRemoteTool(definition: Readonly<Record<string, unknown>>): RemoteTool | undefined {
  const { inputSchema, outputSchema } = definition;
  return Definition.safeParse({
    ...definition,
    inputSchema: readInputSchema(inputSchema),
    outputSchema: readOutputSchema(outputSchema),
  }).data;
}

/**
 * Checks the outline of another server's result by hand: it is on the path of every call.
 * @param who - the server, as in `worker w1`
 * @throws `E_MCP_PROTOCOL` when the content is no list of blocks
 */
export function readRemoteResult(result: Readonly<Record<string, unknown>>, who: string): ToolResult {
  const { content = [], structuredContent, isError, _meta } = result;
  const cache = readRemoteCache(result);
  if (!Array.isArray(content) || !content.every(isBlock)) {
    throw new ParleyError(
      "E_MCP_PROTOCOL",
      `The ${who} sent a tool result whose content is no list of blocks.`,
    );
  }
  return {
    content,
    ...(structuredContent === undefined ? {} : { structuredContent }),
    ...(isError === true ? { isError } : {}),
    ...(isRecord(_meta) ? { _meta } : {}),
    ...(cache === undefined ? {} : { ttlMs: cache.ttlMs, cacheScope: cache.scope }),
  };
}

/** How long another server lets its result be kept; `undefined` where it says nothing that can be used. */
export function readRemoteCache({
  ttlMs,
  cacheScope,
}: Readonly<Record<string, unknown>>): CacheHint | undefined {
  if (typeof ttlMs !== "number" || !Number.isFinite(ttlMs) || ttlMs < 0) return undefined;
  return { ttlMs, scope: cacheScope === "public" ? "public" : "private" };
}

/** Whether a value is one block of a result. */
export function isBlock(value: unknown): value is ContentBlock {
  return isRecord(value) && typeof value["type"] === "string";
}
