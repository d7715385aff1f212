// Serves TensorPool's tools as a hosting platform would, and has a lease end a cluster. `tsx main.ts`
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { createMcpClient } from "@parley/mcp-client";
import { startEngine } from "./engine.ts";

const key = "tp-key-of-the-example";
const token = "token-of-the-example-0123456789";
const here = (name: string): URL => new URL(name, import.meta.url);

const command = /^web: npx (\S+)$/m.exec(await readFile(here("Procfile"), "utf8"))?.[1];
assert.equal(command, "parley-tensorpool");
assert.match(await readFile(here("render.yaml"), "utf8"), /startCommand: npx parley-tensorpool\n/);
assert.match(await readFile(here("fly.toml"), "utf8"), /PORT = "3000"[^]*internal_port = 3000/);
assert.match(await readFile(here("Dockerfile"), "utf8"), /CMD \["parley-tensorpool"\]/);

/** Starts the command as a platform does: variables, no arguments. */
async function startHosted(engine: string, state: string) {
  const manifest = createRequire(import.meta.url).resolve("@parley/tensorpool/package.json");
  const child = spawn(process.execPath, [join(dirname(manifest), "bin", `${command}.js`)], {
    cwd: state,
    stdio: ["ignore", "inherit", "pipe"],
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      MCPSERVER_TOKEN: token,
      TENSORPOOL_KEY: key,
      TENSORPOOL_BACKEND: "http",
      TENSORPOOL_ENGINE: engine,
      TENSORPOOL_STATE_DIR: state,
      TENSORPOOL_PRICES: "H100=2.5",
      TENSORPOOL_MAX_GPUS: "8",
    },
  });
  for await (const line of createInterface(child.stderr)) {
    console.log(`  ${line}`);
    const port = /ready at \S+:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stderr.resume();
    const ended = new Promise((resolve) => child.once("exit", resolve));
    return {
      url: `http://127.0.0.1:${port}/mcp`,
      stop: () => (child.kill("SIGTERM") ? ended : Promise.resolve()),
    };
  }
  throw new Error("parley-tensorpool ended before it was ready.");
}

const engine = await startEngine(key);
const state = await mkdtemp(join(tmpdir(), "parley-example-"));
const server = await startHosted(engine.address, state);
const client = createMcpClient({ url: server.url, token });
try {
  const stranger = await fetch(server.url, {
    method: "POST",
    body: "{}",
    signal: AbortSignal.timeout(10_000),
  });
  assert.equal(stranger.status, 401);
  console.log("without the token: 401");

  const say = async (tool: string, args: object): Promise<string> => {
    const { content } = await client.callTool(tool, { ...args });
    const text = Array.isArray(content) ? String(content[0]?.text) : "";
    console.log(`${tool} ${JSON.stringify(args)}\n  ${text.replaceAll("\n", "\n  ")}`);
    return text;
  };
  assert.match(await say("account_me", {}), /ada@example\.org/);
  assert.match(
    await say("cluster_create", { instance_type: "8xH100", lease_hours: 2, dry_run: true }),
    /\$40\.00 over 2 h/,
  );
  assert.match(
    await say("cluster_create", { instance_type: "8xH100", num_nodes: 2 }),
    /Nothing was done.*16 GPUs/,
  );
  await say("cluster_create", { instance_type: "8xH100", lease_hours: 2 / 3600 });
  assert.equal(engine.clusters.size, 1);

  for (let tries = 0; engine.clusters.size > 0 && tries < 100; tries++) await pause(100);
  assert.equal(engine.clusters.size, 0);
  console.log("the lease is over, and the cluster is gone");
} finally {
  await client.close();
  await server.stop();
  engine.close();
  await rm(state, { recursive: true, force: true });
}
