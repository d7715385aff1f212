import { fileURLToPath } from "node:url";
import { createMcpClient } from "@parley/mcp-client";
import type { McpEra } from "@parley/mcp-client";
import { createStdioClient } from "@parley/mcp-client/stdio";
import { createMount } from "@parley/mount";
import type { Mount, MountConnection, MountOptions } from "@parley/mount";
import { createServer } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import type { Registry } from "@parley/tool-registry";
import { onTestFinished, vi } from "vitest";
import { z } from "zod";

type Connect = (connection: MountConnection) => ReturnType<MountOptions["connect"]>;

export interface Mounted {
  readonly registry: Registry;
  readonly mount: Mount;
  readonly warnings: string[];
  readonly statuses: string[];
}

/** Mounts as `up` with short waits. */
export function mountAs(connect: Connect, options: Partial<MountOptions> = {}): Mounted {
  const registry = options.registry ?? createRegistry();
  const [warnings, statuses]: [string[], string[]] = [[], []];
  const mount = createMount({
    name: "up",
    registry,
    connect,
    refreshMs: 60_000,
    firstBackoffMs: 20,
    maxBackoffMs: 100,
    onWarning: (message) => warnings.push(message),
    onStatus: ({ state }) => statuses.push(state),
    ...options,
  });
  onTestFinished(() => mount.close());
  return { registry, mount, warnings, statuses };
}

export const overHttp =
  (url: string, era?: McpEra): Connect =>
  (connection) =>
    createMcpClient({ url, ...(era === undefined ? {} : { era }), timeoutMs: 10_000, ...connection });

const fixtures = new URL("../../mcp-client/test/fixtures/", import.meta.url);

/** A server of the first or second SDK as a child process. */
export const overStdio =
  (file: "v1-server.mjs" | "v2-server.mjs", era?: McpEra): Connect =>
  (connection) =>
    createStdioClient({
      command: process.execPath,
      args: [fileURLToPath(new URL(file, fixtures))],
      ...(era === undefined ? {} : { era }),
      timeoutMs: 10_000,
      graceMs: 200,
      ...connection,
    });

/** A server of ours, which speaks both eras, with a registry the test changes. */
export async function upstream(port = 0): Promise<{
  readonly registry: Registry;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}> {
  const registry = createRegistry();
  const server = createServer({ name: "upstream", version: "1", registry, openApi: false, closeGraceMs: 50 });
  const { port: bound, url } = await server.listen({ port });
  onTestFinished(() => server.close());
  return { registry, port: bound, url: `${url}/mcp`, close: () => server.close() };
}

export const plainTool = (name: string, answer = name) =>
  defineTool({ name, description: name, input: z.object({}), handler: () => answer });

export const namesIn = ({ tools }: Registry): string[] => tools.map(({ name }) => name);

export const until = (look: () => unknown): Promise<unknown> =>
  vi.waitFor(look, { timeout: 30_000, interval: 10 });
