// A hub, this machine and a simulated cluster as three processes; one job that really runs.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const state = await mkdtemp(join(tmpdir(), "parley-federation-"));
const processes: ChildProcess[] = [];

/** Starts `mcpserver start ...` and resolves with the match of the line that says it is there. */
async function start(line: RegExp, ...flags: readonly string[]): Promise<string> {
  const env = { ...process.env, XDG_STATE_HOME: state, MCPSERVER_JOIN_SECRET: "potato", NO_COLOR: "1" };
  const child = spawn(process.execPath, [bin, "start", ...flags], {
    env,
    stdio: ["ignore", "inherit", "pipe"],
  });
  processes.push(child);
  for await (const text of createInterface(child.stderr)) {
    console.log(`  ${text}`);
    const found = line.exec(text);
    if (found) {
      child.stderr.resume();
      return found[1] ?? "";
    }
  }
  throw new Error(`mcpserver ended before it said ${line}.`);
}

/** What the example reads of the hub's answers. */
interface Answer {
  readonly proposals: Readonly<Record<string, { readonly gate: { verdict: string; reasons: string[] } }>>;
  readonly selection: { readonly worker_id: string | null; readonly reasoning: string };
  readonly dispatch: { readonly hub_job_id: string };
  readonly hub_job_id: string;
  readonly worker_id: string;
  readonly state: string;
  readonly exitCode?: number;
  readonly text: string;
}

async function call(url: string, body?: unknown): Promise<Answer> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, body === undefined ? {} : init);
  const answer = (await response.json()) as Answer;
  assert.ok(response.ok, JSON.stringify(answer));
  return answer;
}

try {
  const endpoint = await start(/hub ready at (\S+)/, "--hub", "--hub-secret", "potato", "--port", "0");
  const hub = new URL("/", endpoint).href;
  const member = ["--join", hub, "--port", "0", "--worker-id"];
  await start(/^(Joined)/, ...member, "workstation", "--local-allow", "hostname", "--label", "kind=real");
  await start(/^(Joined)/, ...member, "cluster", "--mock", "hpc", "--label", "kind=simulated");

  const asked = await call(`${hub}satisfy`, { prompt: "Run hostname on 4 nodes for 10 minutes" });
  for (const [worker, { gate }] of Object.entries(asked.proposals)) {
    console.log(`${worker}: ${gate.verdict} ${gate.reasons.join("; ")}`);
  }
  assert.equal(asked.proposals["workstation"]?.gate.verdict, "INCOMPATIBLE");

  const { selection, dispatch } = await call(`${hub}negotiate`, {
    prompt: "Run hostname on one node for 1 minute",
    labels: { kind: "real" },
  });
  console.log(selection.reasoning);
  assert.equal(selection.worker_id, "workstation");

  const id = dispatch.hub_job_id;
  let job = await call(`${hub}jobs/${id}`);
  while (!["COMPLETED", "FAILED", "CANCELED"].includes(job.state)) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    job = await call(`${hub}jobs/${id}`);
  }
  const { text } = await call(`${hub}jobs/${id}/logs`);
  console.log(
    `${id} on ${job.worker_id}: ${job.state}, exit code ${job.exitCode}, output ${JSON.stringify(text)}`,
  );
  assert.equal(job.state, "COMPLETED");
  assert.equal(text.trim(), hostname());
} finally {
  await Promise.all(
    processes.toReversed().map((child) => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      return child.exitCode === null && child.kill("SIGTERM") ? ended : undefined;
    }),
  );
  await rm(state, { recursive: true, force: true });
}
