import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { slurmAvailable, startSlurmClusters } from "@parley/testing";
import type { SlurmClusters } from "@parley/testing";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { callTool } from "../harness/clients.ts";
import type { Node } from "../harness/nodes.ts";
import { scratch, startHub, startWorker } from "../harness/nodes.ts";
import { eventually } from "../harness/wait.ts";
import { verifies } from "../verifies.ts";

const available = await slurmAvailable();
if (!available) console.log("Real Slurm: skipped, slurmctld is not installed or this is not root.");

describe.skipIf(!available)("two real Slurm clusters", () => {
  let slurm: SlurmClusters;

  beforeAll(async () => {
    slurm = await startSlurmClusters();
  }, 60_000);
  afterAll(() => slurm?.close(), 30_000);

  async function federation(flags: Readonly<Record<string, unknown>> = {}): Promise<Node> {
    const hub = await startHub({ heartbeat: "2", askTimeout: "8", ...flags });
    for (const name of ["alpha", "gamma"] as const) {
      await startWorker(hub, name, {}, { ...slurm.clusters[name].environment, HOME: await scratch() });
    }
    return hub;
  }

  async function ended(hub: Node, id: string) {
    return eventually(`the end of ${id}`, async () => {
      const { value } = await callTool(hub, "job_status", { hub_job_id: id });
      return value.ended === true && value;
    });
  }

  verifies(
    ["SLURM-01", "SLURM-05"],
    "both join and hostname on 2 nodes ends COMPLETED",
    async () => {
      const hub = await federation();
      const { value } = await callTool(hub, "negotiate_job", {
        prompt: "Run hostname on 2 nodes",
        workers: ["alpha"],
        dispatch: true,
      });
      expect(value.selection.worker_id).toBe("alpha");
      const job = await ended(hub, value.dispatch.hub_job_id);
      expect(job).toMatchObject({ state: "COMPLETED", exitCode: 0, manager: "slurm", worker_id: "alpha" });
      const logs = (await callTool(hub, "job_logs", { hub_job_id: value.dispatch.hub_job_id })).value;
      expect(logs.text.trim()).not.toBe("");
      expect(logs.complete).toBe(true);

      const asked = (await callTool(hub, "satisfy_job", { prompt: "Run hostname on 1 node" })).value;
      const full = (
        await callTool(hub, "get_negotiation", { negotiation_id: asked.negotiation_id, full: true })
      ).value;
      const groups = full.proposals.gamma.data.structured.facts.workloads[0].nodeGroups;
      const sum = (key: string): number =>
        groups.reduce((total: number, group: Record<string, number>) => total + (group[key] ?? 0), 0);
      expect(sum("nodes")).toBe(5);
      expect(sum("availableNodes")).toBeLessThanOrEqual(3);
      expect(sum("idleNodes")).toBeLessThanOrEqual(3);
    },
    60_000,
  );

  verifies(
    ["SLURM-02"],
    "8 GPUs per node is incompatible, with the numbers",
    async () => {
      const hub = await federation();
      const { value } = await callTool(hub, "negotiate_job", {
        prompt: "Run hostname on 1 node with 8 GPUs per node",
        dispatch: true,
      });
      expect(value.selection).toMatchObject({ status: "REJECTED", worker_id: null });
      const { structured } = value.proposals.gamma.data;
      expect(structured.verdict).toBe("INCOMPATIBLE");
      expect(value.proposals.gamma.gate).toMatchObject({ verdict: "INCOMPATIBLE", agrees: true });
      expect(structured.reasons.join(" ")).toMatch(/8.*4|4.*8/);
      expect(value.proposals.alpha.data.structured.verdict).toBe("INCOMPATIBLE");
    },
    60_000,
  );

  verifies(
    ["SLURM-03", "SLURM-04"],
    "exit 7 is FAILED 7, and a running job is cancelled",
    async () => {
      const hub = await federation();
      const directory = await scratch();
      const [script, marker] = [join(directory, "seven"), join(directory, "late")];
      await writeFile(script, `#!/bin/sh\necho before\nexit 7\n`, { mode: 0o755 });
      const failing = await callTool(hub, "dispatch_job", {
        worker_id: "alpha",
        requirements: { execution: { command: script }, compute: { nodes: { min: 1, max: 1 } } },
      });
      expect(await ended(hub, failing.value.hub_job_id)).toMatchObject({ state: "FAILED", exitCode: 7 });

      const slow = join(directory, "slow");
      await writeFile(slow, `#!/bin/sh\nsleep 30\ntouch ${marker}\n`, { mode: 0o755 });
      const sent = await callTool(hub, "dispatch_job", {
        worker_id: "alpha",
        requirements: { execution: { command: slow }, compute: { nodes: { min: 1, max: 1 } } },
      });
      const id = sent.value.hub_job_id;
      await eventually("its start", async () => {
        const { value } = await callTool(hub, "job_status", { hub_job_id: id });
        return value.state === "ACTIVE";
      });
      await callTool(hub, "cancel_job", { hub_job_id: id });
      expect(await ended(hub, id)).toMatchObject({ state: "CANCELED" });
      await expect(access(marker)).rejects.toThrow("ENOENT");
    },
    60_000,
  );

  verifies(
    ["SLURM-06", "ASK-04"],
    "a stopped controller is UNKNOWN in time; the other answers",
    async () => {
      const hub = await federation({ askTimeout: "12" });
      await slurm.stopController("gamma");
      try {
        const startedAt = Date.now();
        const { value } = await callTool(hub, "satisfy_job", { prompt: "Run hostname on 1 node" });
        expect(Date.now() - startedAt).toBeLessThan(15_000);
        expect(value.proposals.alpha.data.structured.verdict).toBe("READY");
        const { gamma } = value.proposals;
        const verdict = gamma.type === "error" ? "UNKNOWN" : gamma.data.structured.verdict;
        expect(verdict).toBe("UNKNOWN");
        expect(gamma.type === "error" ? gamma.message : gamma.data.structured.reasons.join()).toMatch(/\w/);
      } finally {
        await slurm.startController("gamma");
      }
    },
    60_000,
  );

  verifies(
    ["SLURM-06"],
    "a running job of a stopped controller is UNKNOWN for the scheduler's own reason, and known again later",
    async () => {
      const hub = await federation();
      const sent = await callTool(hub, "dispatch_job", {
        worker_id: "alpha",
        requirements: { execution: { command: "sleep 120" }, compute: { nodes: { min: 1, max: 1 } } },
      });
      const id = sent.value.hub_job_id;
      await slurm.stopController("alpha");
      try {
        const { value } = await callTool(hub, "job_status", { hub_job_id: id });
        expect(value).toMatchObject({ state: "UNKNOWN", reason: expect.stringMatching(/slurmctld/) });
        const cancelled = await callTool(hub, "cancel_job", { hub_job_id: id });
        expect(cancelled.text).toMatch(/slurmctld/);
      } finally {
        await slurm.startController("alpha");
      }
      await callTool(hub, "cancel_job", { hub_job_id: id });
      expect(await ended(hub, id)).toMatchObject({ state: "CANCELED" });
    },
    90_000,
  );
});
