import { expect } from "vitest";
import { callTool, http, modernClient, oldClient } from "../harness/clients.ts";
import { startHub, startWorker } from "../harness/nodes.ts";
import { verifies } from "../verifies.ts";

verifies(["REST-01"], "the hub's verbs work over plain HTTP as over MCP", async () => {
  const hub = await startHub();
  await startWorker(hub, "here", { localAllow: ["hostname"] });
  const post = (path: string, body: unknown) => http(`${hub.base}${path}`, { body });
  const satisfied = await post("/satisfy", { prompt: "Run hostname" });
  expect(satisfied.status).toBe(200);
  expect(satisfied.body.proposals.here.data.structured.verdict).toBe("READY");
  const { negotiation_id: negotiationId } = satisfied.body;
  const chosen = await post("/select", { negotiationId, strategies: ["soonest"] });
  expect(chosen.body).toMatchObject({ negotiation_id: negotiationId, worker_id: "here" });
  const stored = await http(`${hub.base}/negotiations/${negotiationId}`);
  expect(stored.body.proposals.here.data.structured.facts).toBeDefined();
  const sent = await post("/dispatch", { workerId: "here", negotiationId });
  expect(sent.body).toMatchObject({ worker_id: "here", receipt: { status: "SUCCESS" } });
  const { hub_job_id: id } = sent.body;
  await callTool(hub, "job_status", { hub_job_id: id, wait: true });
  expect((await http(`${hub.base}/jobs/${id}`)).body).toMatchObject({ state: "COMPLETED", exitCode: 0 });
  expect((await http(`${hub.base}/jobs/${id}/logs?maxBytes=100`)).body).toMatchObject({ complete: true });
  expect((await http(`${hub.base}/jobs`)).body.jobs).toHaveLength(1);
  expect((await http(`${hub.base}/workers`)).body.workers).toMatchObject([{ id: "here" }]);
  const whole = await post("/negotiate", { prompt: "Run hostname" });
  expect(whole.body).toMatchObject({ selection: { worker_id: "here" }, dispatch: { worker_id: "here" } });
  const dry = await post("/negotiate", { prompt: "Run hostname", dispatch: false });
  expect(dry.body.dispatch).toBeUndefined();
  expect((await post(`/jobs/${id}/cancel`, {})).body.state).toBe("COMPLETED");

  const openApi = (await http(`${hub.base}/openapi.json`)).body;
  expect(openApi.openapi).toMatch(/^3\./);
  expect(Object.keys(openApi.paths)).toEqual(
    expect.arrayContaining([
      "/satisfy",
      "/select",
      "/negotiate",
      "/dispatch",
      "/workers",
      "/jobs",
      "/negotiations/{id}",
      "/jobs/{id}",
      "/jobs/{id}/logs",
    ]),
  );
});

verifies(["AUTH-01", "ERA-01"], "with a token set, everything but health needs it", async () => {
  const hub = await startHub({}, { MCPSERVER_TOKEN: "s3cret" });
  await startWorker(hub, "here", { mock: "hpc" });
  const routes = ["/tools/list", "/prompts/list", "/resources/list", "/workers", "/jobs", "/openapi.json"];
  for (const route of routes) {
    const none = await http(`${hub.base}${route}`);
    expect([route, none.status, none.headers["www-authenticate"]]).toEqual([
      route,
      401,
      expect.stringMatching(/^Bearer/),
    ]);
    expect((await http(`${hub.base}${route}`, { token: "wrong" })).status).toBe(401);
    expect([route, (await http(`${hub.base}${route}`, { token: "s3cret" })).status]).toEqual([route, 200]);
  }
  const bare = await http(`${hub.base}/tools/list`, { headers: { authorization: "s3cret" } });
  expect(bare.status).toBe(200);
  expect((await http(`${hub.base}/health`)).status).toBe(200);
  await expect(oldClient(hub.url)).rejects.toThrow(/401|unauthor|token/i);
  await expect(modernClient(hub.url, "wrong")).rejects.toThrow(/401|unauthor|token/i);
  expect((await (await oldClient(hub.url, "s3cret")).listTools()).tools.length).toBeGreaterThan(5);
  expect((await (await modernClient(hub.url, "s3cret")).listTools()).tools.length).toBeGreaterThan(5);
  await expect(callTool(hub, "list_jobs")).rejects.toMatchObject({ code: "E_AUTH_REQUIRED" });
});

verifies(["AUTH-02"], "a worker answers strangers' questions and takes jobs from its hub only", async () => {
  const hub = await startHub();
  const worker = await startWorker(hub, "here", { localAllow: ["hostname"] });
  expect((await callTool(worker, "get_status")).value.worker_id).toBe("here");
  await expect(callTool(worker, "submit", { request: "Run hostname" })).rejects.toMatchObject({
    code: expect.stringMatching(/^E_AUTH_FORBIDDEN$|^E_MCP_PROTOCOL$/),
  });
  await expect(callTool(worker, "submit", { request: "Run hostname" }, "guess")).rejects.toThrow(
    /scope|dispatch|token/i,
  );
  expect(await worker.worker?.dispatcher.list()).toEqual([]);
  const sent = await callTool(hub, "dispatch_job", { worker_id: "here", prompt: "Run hostname", wait: true });
  expect(sent.value.job.state).toBe("COMPLETED");
});

verifies(["AUTH-02"], "requests for another host are refused", async () => {
  const hub = await startHub();
  const foreign = await http(`${hub.base}/workers`, { headers: { host: "evil.example.org" } });
  expect([foreign.status, foreign.text]).toEqual([403, expect.stringContaining("allowed-hosts")]);
});
