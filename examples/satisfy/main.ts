// Asks whether cowsay can run, puts a cowsay on the worker's PATH, asks again, and runs it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";

const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const scratch = await mkdtemp(join(tmpdir(), "parley-satisfy-"));
const programs = join(scratch, "bin");
const cow = '#!/bin/sh\nprintf "< %s >\\n  \\\\ ^__^\\n    (oo)\\n" "$*"\n';
const processes: ChildProcess[] = [];

/** Starts `mcpserver start ...` with a PATH that begins with a folder that is empty at first. */
async function start(line: RegExp, ...flags: readonly string[]): Promise<string> {
  const PATH = `${programs}${delimiter}${process.env["PATH"]}`;
  const env = {
    ...process.env,
    PATH,
    XDG_STATE_HOME: scratch,
    MCPSERVER_JOIN_SECRET: "potato",
    NO_COLOR: "1",
  };
  const child = spawn(process.execPath, [bin, "start", "--port", "0", ...flags], {
    env,
    stdio: ["ignore", "inherit", "pipe"],
  });
  processes.push(child);
  for await (const text of createInterface(child.stderr)) {
    const found = line.exec(text);
    if (found) {
      child.stderr.resume();
      return found[1] ?? "";
    }
    if (text.startsWith("error:")) console.error(text);
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
  await mkdir(programs);
  const endpoint = await start(/hub ready at (\S+)/, "--hub", "--hub-secret", "potato");
  const hub = new URL("/", endpoint).href;
  await start(/^(Joined)/, "--join", hub, "--worker-id", "here", "--local-allow", "cowsay");
  const question = { prompt: "Can you run cowsay on one node?" };

  const before = (await call(`${hub}satisfy`, question)).proposals["here"]?.gate;
  console.log(`before: ${before?.verdict} ${before?.reasons.join("; ")}`);
  assert.equal(before?.verdict, "INCOMPATIBLE");

  await writeFile(join(programs, "cowsay"), cow, { mode: 0o755 });

  const after = (await call(`${hub}satisfy`, question)).proposals["here"]?.gate;
  console.log(`after:  ${after?.verdict} ${after?.reasons.join("; ")}`);
  assert.equal(after?.verdict, "READY");

  const requirements = { execution: { command: "cowsay moo" } };
  const { hub_job_id: id } = await call(`${hub}dispatch`, {
    workerId: "here",
    prompt: "one node",
    requirements,
  });
  let job = await call(`${hub}jobs/${id}`);
  while (!["COMPLETED", "FAILED", "CANCELED"].includes(job.state)) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    job = await call(`${hub}jobs/${id}`);
  }
  const { text } = await call(`${hub}jobs/${id}/logs`);
  console.log(text);
  assert.equal(job.state, "COMPLETED");
  assert.match(text, /< moo >/);
} finally {
  await Promise.all(
    processes.toReversed().map((child) => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      return child.exitCode === null && child.kill("SIGTERM") ? ended : undefined;
    }),
  );
  await rm(scratch, { recursive: true, force: true });
}
