import { ParleyError } from "@parley/core";
import { createTracedClient } from "@parley/mcp-client";
import type { McpCallOptions } from "@parley/mcp-client";
import type { ContentBlock, JsonSchema, Registry, Tool, ToolResult } from "@parley/tool-registry";
import { toolContext } from "@parley/tool-registry";
import { z } from "zod";
import type { Dispatcher } from "undici";

/** A worker's tool as it described it: data, nothing of it trusted. */
export interface RemoteTool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema | undefined;
  readonly annotations?: Tool["annotations"];
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** What a hub needs of a worker, over a socket or within this process. */
export interface WorkerLink {
  listTools(options?: McpCallOptions): Promise<readonly RemoteTool[]>;
  callTool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    options?: McpCallOptions,
  ): Promise<ToolResult>;
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly url: string;
  readonly credential: string | undefined;
  readonly ca?: string | undefined;
  readonly dispatcher?: Dispatcher | undefined;
}

/** A link over MCP and HTTP, either protocol era. */
export function createHttpLink(options: LinkOptions): WorkerLink {
  const { url, credential: token, ca, dispatcher } = options;
  const client = createTracedClient({ url, token, ca, dispatcher, name: "parley-hub" });
  return {
    async listTools(call) {
      return (await client.listTools(call)).flatMap((definition) => readTool(definition) ?? []);
    },
    async callTool(name, args, call) {
      return readResult(await client.callTool(name, args, call));
    },
    close: () => client.close(),
  };
}

/** A link to a worker in this very process (`--dual`), by way of its registry and without a socket. */
export function createLocalLink(registry: Registry): WorkerLink {
  const scopes = new Set(["read", "negotiate", "dispatch", "admin"]);
  return {
    async listTools() {
      await Promise.resolve();
      return registry.tools.map((tool) => {
        const { name, title, description, inputSchema, outputSchema, annotations, _meta } = tool;
        return { name, title, description, inputSchema, outputSchema, annotations, _meta };
      });
    },
    callTool(name, args, { signal, onProgress, meta } = {}) {
      return registry.call(
        name,
        args,
        toolContext({
          signal,
          caller: "hub",
          scopes,
          _meta: meta,
          progress: (done, total, message) => onProgress?.({ progress: done, total, message }),
        }),
      );
    },
    close: () => Promise.resolve(),
  };
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
  _meta: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

/** Takes a definition whose name and schema can be served; the schema itself passes untouched. */
function readTool(definition: Readonly<Record<string, unknown>>): RemoteTool | undefined {
  return Definition.safeParse(definition).data;
}

/** Checks the outline of a result by hand: it is on the path of every call. */
function readResult(result: Readonly<Record<string, unknown>>): ToolResult {
  const { content = [], structuredContent, isError, _meta } = result;
  if (!Array.isArray(content) || !content.every(isBlock)) {
    throw new ParleyError(
      "E_MCP_PROTOCOL",
      "A worker sent a tool result whose content is no list of blocks.",
    );
  }
  return {
    content,
    ...(structuredContent === undefined ? {} : { structuredContent }),
    ...(isError === true ? { isError } : {}),
    ...(isRecord(_meta) ? { _meta } : {}),
  };
}

function isBlock(value: unknown): value is ContentBlock {
  return isRecord(value) && typeof value["type"] === "string";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
