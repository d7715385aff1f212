import { expect } from "vitest";
import { callTool, http, oldClient } from "../harness/clients.ts";
import { scratch, startHub, startWorker } from "../harness/nodes.ts";
import { eventually } from "../harness/wait.ts";
import { register, startSeedWorker } from "../harness/workers.ts";
import { verifies } from "../verifies.ts";

const ready = `EARLY RETURN: True
FINAL PROPOSAL: yes
\`\`\`json
{"verdict": "READY", "reasoning": "idle", "metrics": {"queue_depth": 0, "ets_seconds": 0}, "constraints": []}
\`\`\``;

verifies(
  ["LEG-01", "LEG-02"],
  "a worker of the seed's kind joins, is polled, negotiates and runs a job",
  async () => {
    const hub = await startHub();
    const worker = await startSeedWorker("old", {
      proposal: ready,
      manifest: { software: { spack: { note: "it's here" } } },
      submit: () => ({
        worker_id: "old",
        receipt: {
          status: "SUCCESS",
          job_id: 662_615_558_717_440,
          spec: "hostname",
          reasoning: "ok",
          calls: "[]",
        },
        calls: [],
      }),
    });
    const joined = await register(hub, { id: "old", url: worker.url, labels: { gpu: "h100" }, manifest: {} });
    expect(joined).toMatchObject({ status: 200, body: { status: "success" } });
    await eventually("its tools", async () =>
      (await http(`${hub.base}/tools/list`)).text.includes("old_ask_secretary"),
    );
    await eventually(
      "two polls",
      () => worker.calls.filter((call) => call.name === "get_status").length >= 2,
    );
    const { workers } = (await http(`${hub.base}/workers`)).body;
    expect(workers).toMatchObject([{ id: "old", legacy: true, state: "online", labels: { gpu: "h100" } }]);
    const status = (await callTool(hub, "get_fleet_status")).value;
    expect(status.old).toMatchObject({
      legacy: true,
      online: true,
      status: { manifest: { software: { spack: { note: "it's here" } } } },
    });

    const { value } = await callTool(hub, "negotiate_job", {
      prompt: "Run hostname",
      dispatch: true,
      strategies: ["first-ready"],
    });
    expect(value.proposals.old.data).toMatchObject({ worker_id: "old", proposal: ready });
    expect(value.selection.worker_id).toBe("old");
    expect(value.dispatch).toMatchObject({
      worker_id: "old",
      receipt: { status: "SUCCESS", job_id: "662615558717440" },
      job: { state: "UNKNOWN", reason: expect.stringContaining("no job status") },
    });
    const asked = worker.calls.find((call) => call.name === "ask_secretary");
    expect(Object.keys(asked?.args ?? {})).toEqual(["request"]);
    expect(worker.calls.every((call) => call.authorization === undefined)).toBe(true);
    expect(worker.calls.filter((call) => call.name === "submit")).toHaveLength(1);
  },
);

verifies(["LEG-02"], "an unanswered submission is never repeated to a worker without keys", async () => {
  const stateDir = await scratch();
  const hub = await startHub({ stateDir });
  const port = new URL(hub.url).port;
  let release: () => void = () => undefined;
  const worker = await startSeedWorker("old", {
    proposal: ready,
    submit: () =>
      new Promise((resolve) => {
        release = () => resolve({ status: "SUCCESS", job_id: 1 });
      }),
  });
  await register(hub, { id: "old", url: worker.url });
  const submitted = (): number => worker.calls.filter((call) => call.name === "submit").length;
  const request = { worker_id: "old", prompt: "Run hostname", idempotency_key: "once" };
  const lost = callTool(hub, "dispatch_job", request).catch(() => undefined);
  await eventually("the submission", () => submitted() === 1);
  void hub.close();
  release();
  await worker.close();
  await lost;

  const back = await startSeedWorker("old", {
    proposal: ready,
    submit: () => ({ status: "SUCCESS", job_id: 2 }),
  });
  const again = await startHub({ stateDir, port });
  await register(again, { id: "old", url: back.url });
  const repeated = await callTool(again, "dispatch_job", request);
  expect(repeated.value.job.state).toBe("UNKNOWN");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(back.calls.filter((call) => call.name === "submit")).toEqual([]);
  const { jobs } = (await callTool(again, "list_jobs")).value;
  expect(jobs).toHaveLength(1);
});

verifies(["LEG-03"], "a script for the seed's hub finds everything where it was", async () => {
  const hub = await startHub();
  await startWorker(hub, "w1", { localAllow: ["hostname"] });
  const client = await oldClient(hub.url);
  const call = async (name: string, args: Record<string, unknown>) => {
    const answer = (await client.callTool({ name, arguments: args })) as { content: { text: string }[] };
    return JSON.parse(answer.content[0]?.text ?? "");
  };
  const negotiation = await call("negotiate_job", { prompt: "Run hostname" });
  const { data, type } = negotiation.proposals.w1;
  expect(type).toBe("agentic_proposal");
  expect(data.worker_id).toBe("w1");
  const block = /```json\n([\s\S]*?)```/.exec(data.proposal)?.[1];
  expect(JSON.parse(block ?? "")).toMatchObject({
    verdict: "READY",
    metrics: { queue_depth: 0, ets_seconds: 0 },
    constraints: expect.any(Array),
  });
  const receipt = await call("dispatch_job", { worker_id: "w1", prompt: "Run hostname" });
  expect(receipt).toMatchObject({
    worker_id: "w1",
    receipt: { status: "SUCCESS", job_id: expect.any(String) },
  });
  const status = await call("get_fleet_status", {});
  expect(status.w1).toMatchObject({ online: true, labels: {}, url: expect.any(String) });
});
