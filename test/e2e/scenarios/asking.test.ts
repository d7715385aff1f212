import { expect } from "vitest";
import { callTool } from "../harness/clients.ts";
import type { Node } from "../harness/nodes.ts";
import { startHub, startWorker } from "../harness/nodes.ts";
import { answers, startStranger } from "../harness/workers.ts";
import { verifies } from "../verifies.ts";

/** What an honest worker answers to this question. */
async function honestAnswer(prompt: string): Promise<Record<string, unknown>> {
  const hub = await startHub();
  await startWorker(hub, "honest", { mock: "hpc" });
  const { value } = await callTool(hub, "satisfy_job", { prompt });
  const full = await callTool(hub, "get_negotiation", { negotiation_id: value.negotiation_id, full: true });
  return full.value.proposals["honest"].data.structured;
}

verifies(["ASK-01", "ASK-02", "ASK-03"], "one row per worker, nothing runs, twice the same", async () => {
  const hub = await startHub();
  const here = await startWorker(hub, "here", { localAllow: ["hostname"] });
  await startWorker(hub, "sim", { mock: "hpc" });
  await startStranger(hub, "mute", [answers("get_status", () => ({ manifest: { os: {} } }))]);
  const prompt = "Can you run cowsay on one node?";
  const first = (await callTool(hub, "satisfy_job", { prompt })).value;
  const second = (await callTool(hub, "satisfy_job", { prompt })).value;
  expect(first.negotiation_id).toMatch(/^neg_/);
  expect(Object.keys(first.proposals)).toEqual(["here", "mute", "sim"]);
  const verdicts = (answer: typeof first) =>
    ["here", "sim"].map((id) => answer.proposals[id].data.structured.verdict);
  expect(verdicts(second)).toEqual(verdicts(first));
  expect(first.requirements.software[0].name).toBe("cowsay");
  expect(first.proposals.mute.type).not.toBe("agentic_proposal");
  expect(await here.worker?.dispatcher.list()).toEqual([]);
  expect((await callTool(hub, "list_jobs")).value.jobs).toEqual([]);
});

verifies(
  ["ASK-04", "ASK-07"],
  "hung, broken, babbling, lying and enormous workers cost their own row only",
  async () => {
    const question = "Run hostname";
    const honest = await honestAnswer(question);
    const hub = await startHub({ askTimeout: "1" });
    const ask = (id: string, give: Parameters<typeof answers>[1]) =>
      startStranger(hub, id, [answers("ask_secretary", give)]);
    await Promise.all([
      startWorker(hub, "good", { mock: "hpc" }),
      ask("hung", () => new Promise(() => undefined)),
      ask("broken", () => {
        throw new Error("no scheduler today");
      }),
      ask("babble", () => ({ any: [1, 2, 3] })),
      ask("mask", () => ({ proposal: "READY", structured: { ...honest, workerId: "good" } })),
      ask("huge", () => "x".repeat(10_000_000)),
      ask("fenced", () => ({
        proposal: '```json\n{"verdict": "READY", "metrics": {"ets_seconds": "soon"}}\n```',
      })),
    ]);
    const startedAt = Date.now();
    const answer = (await callTool(hub, "negotiate_job", { prompt: question })).value;
    expect(Date.now() - startedAt).toBeLessThan(4000);
    const { proposals } = answer;
    expect(proposals.good.type).toBe("agentic_proposal");
    expect(proposals.hung).toMatchObject({ type: "error", code: "E_MCP_TIMEOUT" });
    expect(proposals.broken).toMatchObject({
      type: "error",
      message: expect.stringContaining("no scheduler"),
    });
    expect(proposals.babble).toMatchObject({ type: "error" });
    expect(proposals.mask).toMatchObject({
      type: "error",
      message: expect.stringContaining("in the name of good"),
    });
    expect(JSON.stringify(proposals.huge).length).toBeLessThan(250_000);
    const chosen = await callTool(hub, "select_worker", {
      negotiation_id: answer.negotiation_id,
      strategies: ["weighted", "soonest", "queue-depth", "min-cost", "run-anytime", "first-ready", "random"],
    });
    expect(chosen.isError).toBe(false);
    expect(["good", "fenced", null]).toContain(chosen.value.worker_id);
  },
);

verifies(["ASK-06"], "a worker that always claims READY is not believed", async () => {
  const question = "Run hostname on 3 nodes with 64 GPUs per node";
  const honest = await honestAnswer(question);
  expect(honest["verdict"]).not.toBe("READY");
  const hub = await startHub();
  await startStranger(hub, "liar", [
    answers("ask_secretary", () => ({
      proposal: "READY, at once, for nothing",
      structured: { ...honest, workerId: "liar", verdict: "READY", reasons: ["trust me"] },
    })),
  ]);
  const { value } = await callTool(hub, "negotiate_job", { prompt: question, dispatch: true });
  expect(value.proposals.liar.gate).toMatchObject({ agrees: false });
  expect(value.proposals.liar.gate.verdict).not.toBe("READY");
  expect(value.proposals.liar.gate.reasons.join()).toMatch(/\d/);
  expect(value.selection).toMatchObject({ worker_id: null, status: "REJECTED" });
  expect(value.dispatch).toBeUndefined();
});

async function overlapOf(hub: Node, count: number): Promise<{ most: number; total: number }> {
  let now = 0;
  let most = 0;
  let total = 0;
  const slow = async (): Promise<string> => {
    now += 1;
    total += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 120));
    now -= 1;
    return "INCOMPATIBLE";
  };
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      startStranger(hub, `w${index}`, [answers("ask_secretary", slow)]),
    ),
  );
  await callTool(hub, "satisfy_job", { prompt: "Run hostname" });
  return { most, total };
}

verifies(["ASK-05"], "parallel, serial and batched asking overlap as far as they say", async () => {
  const [parallel, serial, batched] = await Promise.all([
    overlapOf(await startHub(), 6),
    overlapOf(await startHub({ serial: true }), 6),
    overlapOf(await startHub({ batch: "2" }), 6),
  ]);
  expect(parallel).toEqual({ most: 6, total: 6 });
  expect(serial).toEqual({ most: 1, total: 6 });
  expect(batched).toEqual({ most: 2, total: 6 });
});

verifies(["ASK-08"], "secretaries see the scales of the factors and no weights or objectives", async () => {
  const hub = await startHub();
  let seen: Record<string, unknown> = {};
  await startStranger(hub, "w", [answers("ask_secretary", (args) => ((seen = args), "INCOMPATIBLE"))]);
  await callTool(hub, "satisfy_job", {
    prompt: "I need to run LAMMPS on 3 nodes in 3 hours, minimize time to completion. My budget is $200.",
  });
  const call = seen["call"] as { factors: { name: string }[]; requirements: object };
  expect(call.factors.map((factor) => factor.name)).toContain("network");
  expect(call.factors[0]).toMatchObject({ worst: expect.any(Number), best: expect.any(Number) });
  expect(call.requirements).not.toHaveProperty("objectives");
  expect(JSON.stringify(seen)).not.toMatch(/weight|minimi[sz]e/i);
});
