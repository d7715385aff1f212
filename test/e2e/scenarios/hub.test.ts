import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readSettings } from "@parley/mcpserver";
import { expect } from "vitest";
import { callTool, http, ownClient } from "../harness/clients.ts";
import { scratch, startHub, startNode, startWorker } from "../harness/nodes.ts";
import { verifies } from "../verifies.ts";

verifies(["HUB-01", "REST-02"], "a fresh hub describes itself over plain HTTP", async () => {
  const hub = await startHub();
  const health = await http(`${hub.base}/health`);
  expect(health.status).toBe(200);
  expect(health.body).toMatchObject({
    status: 200,
    message: "OK",
    mode: "hub",
    workers: { total: 0, online: 0 },
  });
  for (const [route, key] of [
    ["tools", "tools"],
    ["prompts", "prompts"],
    ["resources", "resources"],
  ]) {
    const answer = await http(`${hub.base}/${route}/list`);
    expect(answer.status).toBe(200);
    expect(Array.isArray(answer.body[key ?? ""])).toBe(true);
  }
});

verifies(["HUB-02"], "a hub serves the seed's tools and its own", async () => {
  const hub = await startHub();
  const names = (await ownClient(hub.url).listTools()).map((tool) => tool["name"]);
  expect(names).toEqual(
    expect.arrayContaining([
      "get_fleet_status",
      "negotiate_job",
      "dispatch_job",
      "export_fleet_truth",

      "satisfy_job",
      "select_worker",
      "job_status",
      "job_logs",
      "cancel_job",
      "list_jobs",
      "list_workers",
    ]),
  );
});

verifies(["HUB-03"], "a hub without workers says so", async () => {
  const hub = await startHub();
  expect((await callTool(hub, "get_fleet_status")).value).toEqual({ message: "No workers registered." });
  for (const name of ["negotiate_job", "satisfy_job"]) {
    const answer = await callTool(hub, name, { prompt: "x" });
    expect(answer.isError).toBe(true);
    expect(answer.value).toEqual({ error: "No workers registered in fleet." });
  }
  expect((await callTool(hub, "export_fleet_truth")).value).toEqual({ error: "No workers registered." });
});

verifies(["HUB-04"], "a hub makes a secret of its own, once per state directory", async () => {
  const shown: string[] = [];
  const directory = await scratch();
  const first = await startNode({ hub: true, stateDir: directory });
  expect(first.notices.join()).toContain(join(directory, "join-secret"));
  const file = await stat(join(directory, "join-secret"));
  expect(file.mode & 0o777).toBe(0o600);
  const { ownSecret } = await import("../../../apps/mcpserver/src/secret.ts");
  shown.push((await ownSecret(directory)).secret, (await ownSecret(directory)).secret);
  shown.push((await ownSecret(await scratch())).secret);
  expect(shown[0]).toBe(shown[1]);
  expect(shown[0]).not.toBe(shown[2]);
  expect(Buffer.from(shown[0] ?? "", "base64url").length).toBeGreaterThanOrEqual(32);
  expect(first.notices.join()).not.toContain(shown[0]);
});

verifies(["HUB-05"], "a hub does not open itself to the network unguarded", async () => {
  const flags = { hub: true, hubSecret: "potato", host: "0.0.0.0" };
  await expect(readSettings({ flags, env: {} })).rejects.toMatchObject({
    code: "E_CONFIG_INVALID",
    message: expect.stringMatching(/--host 0\.0\.0\.0 .*MCPSERVER_TOKEN.*--insecure/),
  });
  await expect(readSettings({ flags: { ...flags, insecure: true }, env: {} })).resolves.toBeDefined();
  await expect(readSettings({ flags, env: { MCPSERVER_TOKEN: "t" } })).resolves.toBeDefined();
});

verifies(["HUB-06"], "a dual server negotiates with its own site and runs a job there", async () => {
  const dual = await startNode({
    dual: true,
    hubSecret: "potato",
    workerId: "me",
    localAllow: ["hostname"],
  });
  const names = (await ownClient(dual.url).listTools()).map((tool) => tool["name"]);
  expect(names).toEqual(
    expect.arrayContaining(["get_status", "ask_secretary", "me_get_status", "negotiate_job", "job_status"]),
  );
  expect(names).not.toContain("submit");
  expect((await callTool(dual, "me_get_status")).value.worker_id).toBe("me");
  const answer = await callTool(dual, "negotiate_job", { prompt: "Run hostname", dispatch: true });
  expect(answer.value.selection.worker_id).toBe("me");
  const job = await callTool(dual, "job_status", {
    hub_job_id: answer.value.dispatch.hub_job_id,
    wait: true,
  });
  expect(job.value).toMatchObject({ state: "COMPLETED", exitCode: 0 });
  expect((await http(`${dual.base}/health`)).body).toMatchObject({ mode: "dual", worker_id: "me" });
});

verifies(["HUB-07"], "a restarted hub knows its workers, negotiations and jobs", async () => {
  const stateDir = await scratch();
  const hub = await startHub({ stateDir });
  const port = new URL(hub.url).port;
  await startWorker(hub, "here", { localAllow: ["hostname"] });
  const asked = await callTool(hub, "satisfy_job", { prompt: "Run hostname" });
  const sent = await callTool(hub, "dispatch_job", {
    worker_id: "here",
    negotiation_id: asked.value.negotiation_id,
    wait: true,
  });
  expect(sent.value.job.state).toBe("COMPLETED");
  await hub.close();

  const again = await startHub({ stateDir, port });
  const workers = await http(`${again.base}/workers`);
  expect(workers.body.workers).toMatchObject([{ id: "here", prefix: "here", legacy: false }]);
  const chosen = await callTool(again, "select_worker", { negotiation_id: asked.value.negotiation_id });
  expect(chosen.value.worker_id).toBe("here");
  const job = await callTool(again, "job_status", { hub_job_id: sent.value.hub_job_id });
  expect(job.value).toMatchObject({ state: "COMPLETED", exitCode: 0, job_id: sent.value.job.job_id });
});

verifies(["HUB-08"], "variables set what flags set", async () => {
  const env = {
    MCPSERVER_JOIN: "http://127.0.0.1:8000",
    MCPSERVER_JOIN_SECRET: "potato",
    MCPSERVER_WORKER_ID: "w-1",
    MCPSERVER_LABELS: "gpu=h100,site=llnl",
    MCPSERVER_PUBLIC_URL: "http://w1.example.org:7777/mcp",
  };
  expect(await readSettings({ flags: {}, env })).toMatchObject({
    role: "worker",
    joinSecret: "potato",
    siteId: "w-1",
    label: { gpu: "h100", site: "llnl" },
    publicUrl: "http://w1.example.org:7777/mcp",
  });
  const hub = {
    MCPSERVER_HUB: "true",
    MCP_HUB_SECRET: "potato",
    MCPSERVER_BATCH: "3",
    MCPSERVER_SERIAL: "0",
  };
  expect(await readSettings({ flags: {}, env: hub })).toMatchObject({
    role: "hub",
    hubSecret: "potato",
    batch: 3,
    serial: false,
  });
});
