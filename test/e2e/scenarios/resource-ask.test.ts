import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { scratch, startHub, startWorker } from "../harness/nodes.ts";
import { runToEnd } from "../harness/processes.ts";
import type { Ended } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

const script = "apps/resource-ask/src/cli.ts";

const ask = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runToEnd(args, { script, env });

verifies(["CMD-01", "CMD-02"], "from words to a job's output and exit code", async () => {
  const hub = await startHub();
  const directory = await scratch();
  const program = join(directory, "seven");
  await writeFile(program, "#!/bin/sh\necho it ran\nexit 7\n", { mode: 0o755 });
  await startWorker(hub, "here", { localAllow: ["hostname", program] });
  await startWorker(hub, "sim", { mock: "hpc" });
  const url = ["--url", hub.url];
  const [satisfied, whole, own, nothing, dry] = await Promise.all([
    ask(["satisfy", "Run hostname", "--json", ...url]),
    ask(["negotiate", "Run hostname", "--worker", "here", "--wait", ...url]),
    ask(["dispatch", "here", "--command", program, "--wait", "--propagate", ...url]),
    ask(["negotiate", "Run hostname on 900 nodes with 8 GPUs per node", "--worker", "here", ...url]),
    ask(["negotiate", "Run hostname", "--worker", "here", "--dry-run", ...url]),
  ]);
  expect(satisfied.code).toBe(0);
  const answer = JSON.parse(satisfied.stdout);
  expect(Object.keys(answer.proposals)).toEqual(["here", "sim"]);
  expect([whole.code, whole.stdout + whole.stderr]).toEqual([0, expect.stringContaining("here")]);
  expect([own.code, own.stdout]).toEqual([7, expect.stringContaining("it ran")]);
  expect(nothing.code).toBe(3);
  expect([dry.code, dry.stdout + dry.stderr]).toEqual([0, expect.stringContaining("here")]);

  const negotiation = ["--negotiation", answer.negotiation_id, ...url];
  const [selected, jobs] = await Promise.all([
    ask(["select", "--json", ...negotiation]),
    ask(["jobs", "--json", ...url]),
  ]);
  expect([selected.code, JSON.parse(selected.stdout).status ?? ""]).toEqual([0, "SELECTED"]);
  const listed = JSON.parse(jobs.stdout).jobs;
  expect(listed.map((job: { state: string }) => job.state).toSorted()).toEqual(["COMPLETED", "FAILED"]);
});

verifies(["CMD-02", "AUTH-01", "BAD-04"], "what goes wrong is one sentence and its exit code", async () => {
  const hub = await startHub({}, { MCPSERVER_TOKEN: "s3cret" });
  await startWorker(hub, "here", { localAllow: ["hostname"] });
  const url = ["--url", hub.url];
  const token = { MCPSERVER_TOKEN: "s3cret" };
  const cases: readonly (readonly [readonly string[], number, RegExp, Record<string, string>?])[] = [
    [["satisfy", "Run hostname", ...url], 4, /token/i],
    [["satisfy", "Run hostname", "--url", "http://127.0.0.1:9/mcp"], 4, /127\.0\.0\.1:9/],
    [["dispatch", "nobody", "Run hostname", ...url], 2, /nobody.*here/, token],
    [["status", "job_none", ...url], 2, /job_none/, token],
    [["satisfy", "Run hostname", "--nodes", "many", ...url], 2, /--nodes/, token],
    [["negotiate", "Run hostname", "--select", "sonest", ...url], 2, /soonest/, token],
    [["select", "--proposals", "/nowhere.json", "x"], 2, /nowhere\.json/],
    [["frobnicate"], 2, /unknown command/],
  ];
  const endings = await Promise.all(cases.map(([args, , , env]) => ask(args, env)));
  for (const [index, [args, code, message]] of cases.entries()) {
    const ended = endings[index];
    expect([args, ended?.code, ended?.stderr]).toEqual([args, code, expect.stringMatching(message)]);
    expect(ended?.stderr).not.toMatch(/\n\s+at /);
  }
  const right = await ask(["satisfy", "Run hostname", ...url], token);
  expect(right.code).toBe(0);
});

verifies(["CMD-03"], "a file of proposals is chosen from without a hub", async () => {
  const path = join(await scratch(), "proposals.json");
  const fenced = (verdict: string, ets: number): string =>
    `FINAL PROPOSAL:\n\`\`\`json\n${JSON.stringify({ verdict, reasoning: "r", metrics: { queue_depth: 1, ets_seconds: ets } })}\n\`\`\``;
  const proposals = {
    late: { data: { proposal: fenced("READY", 500) } },
    soon: { data: { proposal: fenced("READY", 5) } },
    no: { data: { proposal: fenced("INCOMPATIBLE", 0) } },
    broken: { type: "error", message: "gone" },
    mute: { type: "manifest_only", reasoning: "x", data: "{}" },
  };
  await writeFile(path, JSON.stringify(proposals));
  const chosen = await ask(["select", "--proposals", path, "Run hostname", "--select", "soonest", "--json"]);
  expect([chosen.code, JSON.parse(chosen.stdout)]).toEqual([
    0,
    expect.objectContaining({ worker_id: "soon" }),
  ]);
  await writeFile(path, JSON.stringify({ no: proposals.no, broken: proposals.broken }));
  const none = await ask(["select", "--proposals", path, "Run hostname"]);
  expect(none.code).toBe(3);
  await writeFile(path, "{broken");
  const broken = await ask(["select", "--proposals", path, "Run hostname"]);
  expect([broken.code, broken.stdout]).toEqual([2, ""]);
});

verifies(["CMD-04"], "the ground truth is written to a file", async () => {
  const hub = await startHub();
  await startWorker(hub, "10", { mock: "hpc" });
  const path = join(await scratch(), "ground-truth.json");
  const ended = await ask(["export", "--output", path, "--url", hub.url]);
  expect(ended.code).toBe(0);
  const truth = JSON.parse(await readFile(path, "utf8"));
  expect(truth).toMatchObject({
    ground_truth: { "10": { metadata: { archetype: "hpc" } } },
    archetypes: { hpc: 1 },
  });
});
