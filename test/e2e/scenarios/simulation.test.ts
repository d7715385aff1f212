import { readSettings, simulate } from "@parley/mcpserver";
import { chooseArchetype } from "@parley/simulation";
import { expect, onTestFinished } from "vitest";
import { callTool } from "../harness/clients.ts";
import { secret, startHub, startWorker } from "../harness/nodes.ts";
import { runToEnd, spawnServer } from "../harness/processes.ts";
import { eventually } from "../harness/wait.ts";
import { verifies } from "../verifies.ts";

verifies(
  ["SIM-01", "SIM-04"],
  "one id is one truth in every process, exported in the seed's form",
  async () => {
    const hub = await startHub();
    await startWorker(hub, "10", { mock: "hpc" });
    await startWorker(hub, "11", { mock: "cloud" });
    const truth = async () => (await callTool(hub, "export_fleet_truth")).value;
    const first = await truth();
    expect(first.archetypes).toEqual({ hpc: 1, cloud: 1 });
    expect(first.timestamp).toBeGreaterThan(1.7e9);
    expect(first.ground_truth["10"]).toMatchObject({
      truth: expect.any(Object),
      registry: expect.any(Object),
      metadata: { archetype: "hpc" },
    });
    const categories = Object.keys(first.ground_truth["10"].truth);
    expect(Object.keys(first.counts)).toEqual(expect.arrayContaining(categories));

    const other = await startHub();
    await spawnServer([
      "--join",
      other.base,
      "--join-secret",
      secret,
      "--worker-id",
      "10",
      "--port",
      "0",
      "--mock",
      "hpc",
    ]);
    const again = await eventually("the other process", async () => {
      const { value } = await callTool(other, "export_fleet_truth");
      return value.ground_truth?.["10"] as unknown;
    });
    expect(JSON.stringify(again)).toBe(JSON.stringify(first.ground_truth["10"]));
  },
);

verifies(["SIM-02"], "archetypes are drawn 40/40/20 and checked", async () => {
  const drawn = Array.from({ length: 500 }, (_, index) => chooseArchetype(`worker-${index}`));
  const share = (name: string): number => drawn.filter((found) => found === name).length / drawn.length;
  expect(share("hpc")).toBeGreaterThan(0.34);
  expect(share("hpc")).toBeLessThan(0.46);
  expect(share("cloud")).toBeGreaterThan(0.34);
  expect(share("standalone")).toBeLessThan(0.26);
  expect(drawn).toEqual(Array.from({ length: 500 }, (_, index) => chooseArchetype(`worker-${index}`)));
  expect(await readSettings({ flags: { archetype: "hpc" }, env: {} })).toMatchObject({
    role: "worker",
    archetypeWanted: "hpc",
  });
  expect((await readSettings({ flags: { mock: true }, env: {} })).archetypeWanted).toBe("any");
  const wrong = await runToEnd(["start", "--mock", "nosuch"]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("hpc, cloud, standalone")]);
});

verifies(
  ["SIM-03", "ASK-01"],
  "fifty simulated workers of one process negotiate",
  async () => {
    const hub = await startHub({ heartbeat: "10" });
    const fleet = await simulate({ workers: 50, prefix: "sim-", join: { hubUrl: hub.base, secret } });
    onTestFinished(() => fleet.close());
    expect(fleet.workers).toHaveLength(50);
    const { value } = await callTool(hub, "negotiate_job", {
      prompt: "I need to run LAMMPS with 1 node for 2 hours",
      dispatch: false,
    });
    const proposals: [string, { type: string; data: { structured: { verdict: string } } }][] = Object.entries(
      value.proposals,
    );
    expect(proposals).toHaveLength(50);
    expect(proposals.filter(([, answer]) => answer.type !== "agentic_proposal")).toEqual([]);
    const verdicts = new Set(proposals.map(([, answer]) => answer.data.structured.verdict));
    expect(verdicts.size).toBeGreaterThan(1);
    const chosen = (await callTool(hub, "select_worker", { negotiation_id: value.negotiation_id })).value;
    expect(["SELECTED", "REJECTED"]).toContain(chosen.status);
    expect(chosen.ranked).toHaveLength(50);
  },
  60_000,
);

verifies(["SIM-05"], "a job at a simulated site is accepted once and has a state", async () => {
  const hub = await startHub();
  for (const id of ["s-1", "s-2", "s-3"]) await startWorker(hub, id, { mock: "hpc" });
  const { value } = await callTool(hub, "negotiate_job", {
    prompt: "Run hostname on 1 node for 5 minutes",
    dispatch: true,
  });
  expect(value.selection.worker_id).toMatch(/^s-/);
  expect(value.dispatch.receipt).toMatchObject({ status: "SUCCESS", job_id: expect.any(String) });
  const job = (await callTool(hub, "job_status", { hub_job_id: value.dispatch.hub_job_id })).value;
  expect(["QUEUED", "ACTIVE", "COMPLETED"]).toContain(job.state);
  expect(["slurm", "flux", "kubernetes"]).toContain(job.manager);
  const ended = (await callTool(hub, "cancel_job", { hub_job_id: value.dispatch.hub_job_id })).value;
  expect(ended.ended).toBe(true);
});
