import { createGateway } from "@parley/gateway";
import type {
  Gateway,
  GatewayConfig,
  GatewayDependencies,
  GatewayServer,
  GatewayServers,
} from "@parley/gateway";
import { parseGatewayConfig } from "@parley/gateway";
import { createServer } from "@parley/server";
import type { ServerOptions } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";
import type { JsonSchema, Registry, Tool, ToolContext, ToolResult } from "@parley/tool-registry";
import { onTestFinished, vi } from "vitest";

export interface Started {
  readonly gateway: Gateway;
  readonly url: string;
  readonly warnings: string[];
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Reply>;
  readonly post: (path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Reply>;
}

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: unknown;
  /** What is at some place of it. */
  readonly at: (...path: readonly (string | number)[]) => unknown;
  readonly keys: (...path: readonly (string | number)[]) => readonly string[];
}

/** What is at some place of a value; undefined when there is none. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (Object(found) === found ? Reflect.get(Object(found), key) : undefined),
    value,
  );
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json(): unknown {
      return JSON.parse(text);
    },
    at: (...path) => at(JSON.parse(text), ...path),
    keys: (...path) => Object.keys(Object(at(JSON.parse(text), ...path))),
  };
}

/** A gateway that listens, and ends with the test. */
export async function start(
  config: GatewayConfig,
  { isSettled = true, ...dependencies }: GatewayDependencies & { readonly isSettled?: boolean } = {},
): Promise<Started> {
  const warnings: string[] = [];
  const gateway = createGateway(config, {
    firstBackoffMs: 20,
    closeGraceMs: 100,
    retireMs: 5000,
    onWarning: (server, message) => warnings.push(`${server}: ${message}`),
    ...dependencies,
  });
  onTestFinished(() => gateway.close());
  const { url } = await gateway.listen();
  if (isSettled) await gateway.settled;
  return {
    gateway,
    url,
    warnings,
    get: async (path, headers = {}) => reply(await fetch(`${url}${path}`, { headers, redirect: "manual" })),
    post: async (path, body, headers = {}) =>
      reply(
        await fetch(`${url}${path}`, {
          method: "POST",
          headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
          ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        }),
      ),
  };
}

/** Servers as a file would say them. */
export function parse(file: unknown, env: Readonly<Record<string, string>> = {}): GatewayServers {
  const text = typeof file === "string" ? file : JSON.stringify(file);
  return parseGatewayConfig(text, { path: "config.json", env, readFile: unreadable });
}

function unreadable(): never {
  throw Object.assign(new Error("no such file"), { code: "ENOENT" });
}

export function entry(name: string, raw: Readonly<Record<string, unknown>>): GatewayServer {
  const [server] = parse({ mcpServers: { [name]: raw } }).servers;
  if (server === undefined) throw new Error("no server");
  return server;
}

/** A server of ours over HTTP. */
export async function upstream(options: Partial<ServerOptions> & { readonly port?: number } = {}): Promise<{
  readonly registry: Registry;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}> {
  const { port = 0, ...rest } = options;
  const registry = options.registry ?? createRegistry();
  const server = createServer({
    name: "upstream",
    version: "3",
    registry,
    openApi: false,
    closeGraceMs: 50,
    ...rest,
  });
  const listening = await server.listen({ port });
  onTestFinished(() => server.close());
  return { registry, url: `${listening.url}/mcp`, port: listening.port, close: () => server.close() };
}

const anything: JsonSchema = { type: "object" };

/** A tool that answers with a whole result. */
export function tool(
  name: string,
  answer:
    | ToolResult
    | ((args: Readonly<Record<string, unknown>>, context: ToolContext) => ToolResult | Promise<ToolResult>),
  parts: Partial<Tool> = {},
): Tool {
  return {
    name,
    description: name,
    inputSchema: anything,
    passThrough: true,
    call: async (args, context) => (typeof answer === "function" ? await answer(args, context) : answer),
    ...parts,
  };
}

export const text = (said: string): ToolResult => ({ content: [{ type: "text", text: said }] });

export const until = (look: () => unknown): Promise<unknown> =>
  vi.waitFor(look, { timeout: 45_000, interval: 20 });

/** A program over stdio that misbehaves as its argument says. */
const fixture = (name: string): string => new URL(`fixtures/${name}`, import.meta.url).pathname;

export const stdio = (
  name: string,
  args: readonly string[] = [],
  more: Readonly<Record<string, unknown>> = {},
) => entry(name, { command: process.execPath, args: [fixture("raw-server.mjs"), ...args], ...more });

export function isAlive(pid: unknown): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}
