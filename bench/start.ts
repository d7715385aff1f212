import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMcpClient } from "@parley/mcp-client";
import { freePort } from "./gateway/program.ts";
import { quantile, timeRounds } from "./harness.ts";
import type { Bench, Figure } from "./harness.ts";

const bin = (path: string): string => fileURLToPath(new URL(`../apps/${path}`, import.meta.url));
const mcpserver = bin("mcpserver/bin/mcpserver.js");
const helps = { "resource-ask": bin("resource-ask/bin/resource-ask.js"), mcpserver };

type Environment = Readonly<NodeJS.ProcessEnv>;
/** Nothing is left from the start before: what a new machine or container sees. */
const cold: Environment = { NODE_DISABLE_COMPILE_CACHE: "1" };

/** Wall time from the shell's point of view, of the built commands. */
export const startBench: Bench = {
  name: "start",
  title: "How long a command takes to say something; baseline a Node.js that does nothing",
  async run({ short }) {
    const timing = { rounds: short ? 7 : 21, warmUp: 2 };
    const [bare = Number.NaN, ...times] = await medians(
      [() => runNode(["-e", "0"]), ...Object.values(helps).map((path) => () => runNode([path, "--help"]))],
      timing,
    );
    const calls = { rounds: short ? 3 : 15, warmUp: 1 };
    const [modern = Number.NaN, legacy = Number.NaN] = await medians(
      [() => firstCall("modern", cold), () => firstCall("legacy", cold)],
      calls,
    );
    return [
      { name: "node -e 0, median", value: bare, unit: "ms" },
      ...Object.keys(helps).map((name, index): Figure => {
        const value = times[index] ?? Number.NaN;
        return { name: `${name} --help, median`, value, unit: "ms", target: { atMost: 150 } };
      }),
      {
        name: "mcpserver start to first answered call",
        value: modern,
        unit: "ms",
        target: { atMost: 500 },
      },
      { name: "the same, with the handshake of 2025", value: legacy, unit: "ms" },
      ...(await keptFigures(calls)),
    ];
  },
};

/** A later start on a Node.js that keeps compiled code; nothing where it has no such thing. */
async function keptFigures(calls: Timing): Promise<readonly Figure[]> {
  if (!("enableCompileCache" in module)) return [];
  const cache = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const kept = { XDG_CACHE_HOME: cache };
  try {
    // The code is written when the process ends by itself.
    await firstCall("modern", kept, "SIGTERM");
    const [value = Number.NaN] = await medians([() => firstCall("modern", kept)], calls);
    return [{ name: "mcpserver start to first answered call, code kept", value, unit: "ms" }];
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

interface Timing {
  readonly rounds: number;
  readonly warmUp: number;
}

/** Medians of works that take turns, so that a busy moment of the machine meets them all alike. */
async function medians(works: readonly (() => Promise<void>)[], timing: Timing): Promise<readonly number[]> {
  const samples = works.map((): number[] => []);
  for (let round = -timing.warmUp; round < timing.rounds; round += 1) {
    for (const [index, work] of works.entries()) {
      const [time = Number.NaN] = await timeRounds(work, { rounds: 1, warmUp: 0 });
      if (round >= 0) samples[index]?.push(time);
    }
  }
  return samples.map((sample) => quantile(sample, 0.5));
}

async function runNode(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: "ignore", env: environment(cold) });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with code ${String(code)}`);
}

/** Starts a plain server on a port of our choice and calls its tool as soon as it listens. */
async function firstCall(
  era: "modern" | "legacy",
  more: Environment,
  ending: NodeJS.Signals = "SIGKILL",
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const port = await freePort();
  const args = [mcpserver, "start", "--port", String(port)];
  const child = spawn(process.execPath, args, { stdio: "ignore", cwd: directory, env: environment(more) });
  const gone = once(child, "exit");
  const client = createMcpClient({ url: `http://127.0.0.1:${port}/mcp`, era });
  try {
    await untilAnswered(client);
  } finally {
    await client.close();
    child.kill(ending);
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
function environment(more: Environment): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _loader, ...env } = process.env;
  return { ...env, ...more };
}
