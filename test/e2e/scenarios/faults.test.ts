import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { callTool, http } from "../harness/clients.ts";
import { scratch, secret, startHub, startWorker } from "../harness/nodes.ts";
import { spawnServer } from "../harness/processes.ts";
import { startProxy } from "../harness/proxy.ts";
import { eventually } from "../harness/wait.ts";
import { answers, startStranger } from "../harness/workers.ts";
import { verifies } from "../verifies.ts";

/** A job that says in a file when it begins and ends. */
async function payload(lines: string): Promise<{ path: string; log: () => Promise<string> }> {
  const directory = await scratch();
  const [path, log] = [join(directory, "payload"), join(directory, "log")];
  await writeFile(path, `#!/bin/sh\n${lines.replaceAll("LOG", log)}\n`);
  await chmod(path, 0o755);
  return { path, log: () => readFile(log, "utf8").catch(() => "") };
}

verifies(["FAULT-01"], "kill -9 of the hub between the submission and its answer", async () => {
  const { path, log } = await payload("echo ran >> LOG");
  const stateDir = await scratch();
  const flags = ["--hub", "--hub-secret", secret, "--heartbeat", "1", "--state-dir", stateDir];
  const hub = await spawnServer([...flags, "--port", "0"]);
  const target = { url: "" };
  const proxy = await startProxy(
    { base: () => target.url },
    (body) => proxy.held === 0 && body.includes('"submit"'),
  );
  const worker = await startWorker(hub, "here", {
    localAllow: [path],
    publicUrl: `${proxy.base}/mcp`,
    port: String(await portBehind(target)),
  });
  expect(worker.base).toBe(target.url);
  const request = {
    worker_id: "here",
    requirements: { execution: { command: path } },
    idempotency_key: "once",
  };
  const lost = callTool(hub, "dispatch_job", request).catch((error: Error) => error);
  await eventually("the held answer", () => proxy.held === 1);
  await eventually("the run", async () => (await log()) === "ran\n");
  await hub.kill();
  expect(await lost).toBeInstanceOf(Error);

  const again = await spawnServer([...flags, "--port", new URL(hub.url).port]);
  const known = (await callTool(again, "list_jobs")).value.jobs;
  expect(known).toHaveLength(1);
  const ended = await eventually("its end", async () => {
    const { value } = await callTool(again, "job_status", { hub_job_id: known[0].hub_job_id });
    return value.ended === true && value;
  });
  expect(ended).toMatchObject({ state: "COMPLETED", exitCode: 0, worker_id: "here" });
  const repeated = await callTool(again, "dispatch_job", request);
  expect(repeated.value).toMatchObject({ repeated: true, hub_job_id: known[0].hub_job_id });
  expect((await callTool(again, "list_jobs")).value.jobs).toHaveLength(1);
  expect(await worker.worker?.dispatcher.list()).toHaveLength(1);
  expect(await log()).toBe("ran\n");
});

/** Reserves a port for the worker, so that the proxy can point there before it starts. */
async function portBehind(target: { url: string }): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  target.url = `http://127.0.0.1:${port}`;
  return port;
}

verifies(["FAULT-02", "FAULT-03"], "kill -9 of the worker while its job runs", async () => {
  const { path, log } = await payload("echo begun >> LOG\nsleep 2\necho out\necho ended >> LOG\nexit 3");
  const hub = await startHub();
  const stateDir = await scratch();
  const flags = [
    "--join",
    hub.base,
    "--join-secret",
    secret,
    "--worker-id",
    "here",
    "--local-allow",
    path,
    "--state-dir",
    stateDir,
  ];
  const worker = await spawnServer([...flags, "--port", "0"]);
  await eventually("its joining", async () => (await http(`${hub.base}/workers`)).body.workers.length === 1);
  const sent = await callTool(hub, "dispatch_job", {
    worker_id: "here",
    requirements: { execution: { command: path } },
  });
  const id = sent.value.hub_job_id;
  await eventually("its start", async () => (await log()) === "begun\n");
  await worker.kill();
  const state = async () => (await callTool(hub, "job_status", { hub_job_id: id })).value;
  expect(await state()).toMatchObject({ state: "UNKNOWN", reason: expect.stringMatching(/\w+/) });

  await spawnServer([...flags, "--port", new URL(worker.url).port]);
  const ended = await eventually("its end", async () => {
    const job = await state();
    return job.ended === true && job;
  });
  expect(ended).toMatchObject({ state: "FAILED", exitCode: 3 });
  expect(await log()).toBe("begun\nended\n");
  const logs = (await callTool(hub, "job_logs", { hub_job_id: id })).value;
  expect(logs).toMatchObject({ text: "out\n", complete: true });
});

verifies(["FAULT-01"], "kill -9 of the worker between the scheduler's yes and its own answer", async () => {
  const { path, log } = await payload("echo ran >> LOG");
  const hub = await startHub();
  const stateDir = await scratch();
  const target = { url: "" };
  const port = String(await portBehind(target));
  const proxy = await startProxy(
    { base: () => target.url },
    (body) => proxy.held === 0 && body.includes('"submit"'),
  );
  const flags = [
    "--join",
    hub.base,
    "--join-secret",
    secret,
    "--worker-id",
    "here",
    "--port",
    port,
    "--local-allow",
    path,
    "--state-dir",
    stateDir,
    "--public-url",
    `${proxy.base}/mcp`,
  ];
  const worker = await spawnServer(flags);
  await eventually("its joining", async () => (await http(`${hub.base}/workers`)).body.workers.length === 1);
  const lost = callTool(hub, "dispatch_job", {
    worker_id: "here",
    requirements: { execution: { command: path } },
  });
  await eventually("the held answer", () => proxy.held === 1);
  await worker.kill();
  proxy.drop();
  expect((await lost).value.job.state).toBe("UNKNOWN");
  await spawnServer(flags);
  const ended = await eventually("its end", async () => {
    const [job] = (await http(`${hub.base}/jobs`)).body.jobs;
    return job?.ended === true && job;
  });
  expect(ended).toMatchObject({ state: "COMPLETED", exitCode: 0 });
  expect(await log()).toBe("ran\n");
});

verifies(
  ["FAULT-03"],
  "a hung worker does not keep its hub from closing, and its job is not lost",
  async () => {
    const stateDir = await scratch();
    const hub = await startHub({ stateDir });
    let hang = true;
    const tools = [
      answers("submit", () => (hang ? new Promise(() => undefined) : { receipt: placed })),
      answers("job_status", () => ({ siteJobId: "7", state: "COMPLETED", exitCode: 0 })),
    ];
    const stranger = await startStranger(hub, "w", tools);
    void callTool(hub, "dispatch_job", { worker_id: "w", prompt: "Run hostname" }).catch(() => undefined);
    await eventually("the job", async () => (await http(`${hub.base}/jobs`)).body.jobs.length === 1);
    await hub.close();
    hang = false;
    const again = await startHub({ stateDir, port: new URL(hub.url).port });
    const ended = await eventually(
      "its end",
      async () => {
        const [job] = (await http(`${again.base}/jobs`)).body.jobs;
        return job?.ended === true && job;
      },
      90_000,
    );
    expect(ended).toMatchObject({ state: "COMPLETED", job_id: "7" });
    await stranger.close();
  },
);

const placed = { status: "SUCCESS", job_id: "7", spec: "hostname", reasoning: "ok", calls: [] };
