import { createRequire } from "node:module";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { scratch } from "./nodes.ts";
import { runChild } from "./processes.ts";
import { eventually } from "./wait.ts";

const require = createRequire(import.meta.url);

/** The files of the reference servers' programs. */
export const referenceServers = {
  everything: require.resolve("@modelcontextprotocol/server-everything/dist/index.js"),
  filesystem: require.resolve("@modelcontextprotocol/server-filesystem/dist/index.js"),
  memory: require.resolve("@modelcontextprotocol/server-memory/dist/index.js"),
} as const;

/** A gateway as a process of its own, from source, with a file of servers. */
export async function startMcpo(
  file: unknown,
  { flags = [], env = {} }: { flags?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
) {
  const folder = await scratch();
  const config = join(folder, "config.json");
  await writeFile(config, typeof file === "string" ? file : JSON.stringify(file));
  const child = runChild(["--config", config, "--port", "0", ...flags], {
    script: "apps/proxy/src/cli.ts",
    env: { HOME: folder, ...env },
  });
  const listening = (): string | undefined => / at (https?:\/\/[\d.]+:\d+)/.exec(child.stderr())?.[1];
  const url = await eventually("the gateway listens", listening, 60_000);
  const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, text: await response.text() };
  };
  return { child, config, url, post, get };
}

/** A port that is free now, for programs that cannot say which one they were given. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
