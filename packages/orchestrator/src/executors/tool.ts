import { ParleyError } from "@parley/core";
import type { JsonObject, McpClient } from "@parley/mcp-client";
import { errorOf, readRemoteResult } from "@parley/tool-registry";
import { z } from "zod";
import { defineExecutor } from "../define.ts";
import type { Execution, Executor } from "../port.ts";
import { tidy } from "../text.ts";

const Input = z.object({
  server: z.string().min(1).max(200).describe("A server that this one is configured with"),
  tool: z.string().min(1).max(128),
  arguments: z.record(z.string(), z.unknown()).default({}),
  timeout_seconds: z.number().positive().max(86_400).optional(),
});

/** Options of the tool executor. */
export interface ToolExecutorOptions {
  /** Clients by the names of their servers. */
  readonly servers: Readonly<Record<string, Pick<McpClient, "callTool">>>;
  /** Default 10 minutes. */
  readonly timeoutMs?: number | undefined;
}

/** Where a called tool finds the key under which a repeated call is the same one. */
export const idempotencyMetaKey = "parley/idempotency-key";

/** Calls tools of other MCP servers. The output is the tool's structured content, or else its text. */
export function createToolExecutor({ servers, timeoutMs = 600_000 }: ToolExecutorOptions): Executor {
  const names = Object.keys(servers);
  const clientOf = (name: string): Pick<McpClient, "callTool"> => {
    const client = Object.hasOwn(servers, name) ? servers[name] : undefined;
    if (client !== undefined) return client;
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `There is no MCP server ${JSON.stringify(name)} here; there is ${names.join(", ") || "none"}.`,
    );
  };
  return defineExecutor({
    type: "tool",
    description: `Calls a tool of an MCP server: ${names.join(", ") || "none is configured"}.`,
    input: Input,
    admit: ({ server }) => void clientOf(server),
    async execute({ server, tool, arguments: args, timeout_seconds: seconds }, attempt): Promise<Execution> {
      const raw = await clientOf(server).callTool(tool, args, {
        signal: attempt.signal,
        timeoutMs: seconds === undefined ? timeoutMs : seconds * 1000,
        onProgress: ({ progress, total, message }) => attempt.progress(progress, total, message),
        meta: { [idempotencyMetaKey]: attempt.idempotencyKey },
      });
      return toExecution(raw, server);
    },
  });
}

function toExecution(raw: JsonObject, server: string): Execution {
  const result = readRemoteResult(raw, `server ${server}`);
  const text = result.content.map(({ text: said }) => (typeof said === "string" ? said : "")).join("\n");
  if (result.isError !== true) return { ok: true, output: result.structuredContent ?? text };
  const known = errorOf(result);
  const permanent = known?.code === "E_ARGUMENT_INVALID" || known?.code === "E_TOOL_UNKNOWN";
  const message = tidy(text) || "The tool failed and did not say why.";
  return { ok: false, failure: { class: permanent ? "permanent" : "retryable", message, feedback: message } };
}
