import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient } from "@parley/mcp-client";
import { request } from "undici";
import { onTestFinished } from "vitest";

const bearer = (token?: string): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** The 2025-era client most programs use today. */
export async function oldClient(url: string, token?: string): Promise<OldClient> {
  const client = new OldClient({ name: "old", version: "1" });
  await client.connect(new OldTransport(new URL(url), { requestInit: { headers: bearer(token) } }));
  onTestFinished(() => client.close());
  return client;
}

/** The client of the 2026-07-28 revision. */
export async function modernClient(url: string, token?: string): Promise<ModernClient> {
  const client = new ModernClient({ name: "new", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new ModernTransport(new URL(url), { requestInit: { headers: bearer(token) } }));
  onTestFinished(() => client.close());
  return client;
}

export function ownClient(url: string, token?: string, timeoutMs = 20_000): McpClient {
  const client = createMcpClient({ url, token, timeoutMs });
  onTestFinished(() => client.close());
  return client;
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers whose shape they assert
type Loose = any;

export interface Called {
  readonly isError: boolean;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- see above
  readonly value: Loose;
  readonly raw: Loose;
}

/** Calls a tool with our client and gives the structured answer, or else the text as JSON. */
export async function callTool(
  node: { readonly url: string },
  name: string,
  args: Readonly<Record<string, unknown>> = {},
  token?: string,
): Promise<Called> {
  const client = createMcpClient({ url: node.url, token, timeoutMs: 60_000 });
  try {
    const raw: Loose = await client.callTool(name, args);
    const text = (raw.content ?? []).map((block: Loose) => block.text ?? "").join("\n");
    return { isError: raw.isError === true, text, value: raw.structuredContent ?? parsed(text), raw };
  } finally {
    await client.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: Loose;
}

interface HttpOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly token?: string;
}

/** One plain HTTP request; a body that is no string is sent as JSON. */
export async function http(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const { body, token } = options;
  const response = await request(url, {
    method: (options.method ?? (body === undefined ? "GET" : "POST")) as "GET",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...bearer(token),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.body.text();
  return { status: response.statusCode, headers: response.headers, text, body: parsed(text) };
}
