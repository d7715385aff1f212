// Runs query.ts against a hub and a simulated site: the site's tools, one of them by name, the same through the hub.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const state = await mkdtemp(join(tmpdir(), "parley-query-"));
const processes: ChildProcess[] = [];

/** Starts `mcpserver start ...`; resolves with its address once a line says that it is there. */
async function start(line: RegExp, ...flags: readonly string[]): Promise<string> {
  const env = { ...process.env, XDG_STATE_HOME: state, MCPSERVER_JOIN_SECRET: "potato", NO_COLOR: "1" };
  const child = spawn(process.execPath, [bin, "start", "--port", "0", ...flags], {
    env,
    stdio: ["ignore", "inherit", "pipe"],
  });
  processes.push(child);
  let url = "";
  for await (const text of createInterface(child.stderr)) {
    url = /ready at (\S+)/.exec(text)?.[1] ?? url;
    if (!line.test(text)) continue;
    child.stderr.resume();
    return url;
  }
  throw new Error(`mcpserver ended before it said ${line}.`);
}

/** What `tsx query.ts WORDS` prints, and its exit code. */
function query(...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const argv = ["--import", "tsx", join(import.meta.dirname, "query.ts"), ...words];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, argv, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

try {
  const hub = await start(/hub ready/, "--hub", "--hub-secret", "potato");
  const site = await start(/^Joined/, "--join", new URL("/", hub).href, "--worker-id", "10", "--mock", "hpc");

  const tools = await query(site);
  console.log(
    `the site's tools: ${Array.from(tools.stdout.matchAll(/^  "name": "(.+)"/gm), ([, name]) => name).join(", ")}`,
  );
  assert.match(tools.stdout, /"name": "get_status"/);
  assert.match(tools.stdout, /"inputSchema"/);

  const direct = JSON.parse((await query(site, "get_status")).stdout);
  const namespaced = JSON.parse((await query(hub, "n_10_get_status")).stdout);
  console.log(`get_status at the site and n_10_get_status at the hub: worker ${namespaced.worker_id}`);
  assert.equal(direct.worker_id, "10");
  assert.deepEqual(namespaced.manifest, direct.manifest);

  const unknown = await query(hub, "n_11_get_status");
  console.log(`a site that is not there: ${unknown.stderr.trim()}`);
  assert.equal(unknown.code, 1);
  const wrong = await query(hub, "n_10_get_status", "[1]");
  assert.equal(wrong.code, 2);
} finally {
  await Promise.all(
    processes.toReversed().map((child) => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      return child.exitCode === null && child.kill("SIGTERM") ? ended : undefined;
    }),
  );
  await rm(state, { recursive: true, force: true });
}
