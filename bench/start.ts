import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMcpClient } from "@parley/mcp-client";
import { quantile, timeRounds } from "./harness.ts";
import type { Bench, Figure } from "./harness.ts";

const bin = (path: string): string => fileURLToPath(new URL(`../apps/${path}`, import.meta.url));
const bins = {
  "resource-ask": bin("resource-ask/bin/resource-ask.js"),
  mcpserver: bin("mcpserver/bin/mcpserver.js"),
};

/** Wall time from the shell's point of view, of the built commands. */
export const startBench: Bench = {
  name: "start",
  title: "How long a command takes to say something; baseline a Node.js that does nothing",
  async run({ short }) {
    const timing = { rounds: short ? 7 : 15, warmUp: 2 };
    const bare = quantile(await timeRounds(() => runNode(["-e", "0"]), timing), 0.5);
    const figures: Figure[] = [{ name: "node -e 0, median", value: bare, unit: "ms" }];
    for (const [name, path] of Object.entries(bins)) {
      const times = await timeRounds(() => runNode([path, "--help"]), timing);
      const value = quantile(times, 0.5);
      figures.push({ name: `${name} --help, median`, value, unit: "ms", target: { atMost: 150 } });
    }
    const first = await timeRounds(() => firstCall(), { rounds: short ? 3 : 7, warmUp: 1 });
    return [
      ...figures,
      {
        name: "mcpserver start to first answered call",
        value: quantile(first, 0.5),
        unit: "ms",
        target: { atMost: 500 },
      },
    ];
  },
};

async function runNode(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: "ignore", env: cleanEnvironment() });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with code ${String(code)}`);
}

/** Starts a plain server on a port of our choice and calls its tool as soon as it listens. */
async function firstCall(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const port = 20_000 + (process.pid % 20_000);
  const args = [bins.mcpserver, "start", "--port", String(port)];
  const child = spawn(process.execPath, args, { stdio: "ignore", cwd: directory, env: cleanEnvironment() });
  const gone = once(child, "exit");
  const client = createMcpClient({ url: `http://127.0.0.1:${port}/mcp`, era: "modern" });
  try {
    await untilAnswered(client);
  } finally {
    await client.close();
    child.kill("SIGKILL");
    await gone;
    await rm(directory, { recursive: true, force: true });
  }
}

async function untilAnswered(client: ReturnType<typeof createMcpClient>): Promise<void> {
  for (let attempt = 0; attempt < 2000; attempt += 1) {
    try {
      const { isError } = await client.callTool("simple_echo", { message: "hello" });
      if (isError !== true) return;
    } catch {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
  }
  throw new Error("mcpserver start answered no call");
}

/** The loader of this process must not reach the measured ones. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _loader, ...env } = process.env;
  return env;
}
