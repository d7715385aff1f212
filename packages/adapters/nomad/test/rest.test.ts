import { createMcpClient } from "@parley/mcp-client";
import { nomadOperations, toolsets } from "@parley/nomad";
import { staticToken } from "@parley/server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";
import { serveNomad } from "./_serve.ts";

let fake: FakeNomad;
beforeEach(async () => {
  fake = await startFakeNomad();
});
afterEach(() => fake.close());

const post = (body: unknown) => ({ method: "POST", body: JSON.stringify(body) });
const submit = { content: JSON.stringify({ Job: sampleJob("web") }) };

describe("[NMD-02] the REST face", () => {
  test("has the seed's routes: jobs, logs, configs, repositories", async () => {
    const { ask } = await serveNomad({ address: fake.address });
    expect(await ask("/api/jobs/submit", post(submit))).toMatchObject({
      status: 200,
      body: { registered: true },
    });
    expect((await ask("/api/jobs?namespace=default")).body.jobs).toMatchObject([{ job_id: "web" }]);
    expect((await ask("/api/jobs/web")).body).toMatchObject({ job_id: "web", outcome: "running" });
    expect((await ask("/api/jobs/web/stop", post({}))).status).toBe(200);
    expect((await ask("/api/jobs/web/start?namespace=default", { method: "POST" })).status).toBe(200);
    expect((await ask("/api/logs/job/web?tail_lines=5")).body.streams).toMatchObject([
      { text: "hi nomad\n" },
    ]);
    const allocation = fake.state.allocations.at(-1).ID;
    expect((await ask(`/api/logs/allocation/${allocation}`)).status).toBe(200);
    const config = { name: "web", job_id: "web", repository: "https://github.com/acme/web.git" };
    expect((await ask("/api/configs", post(config))).status).toBe(200);
    expect((await ask("/api/configs/web")).body).toMatchObject({ job_id: "web" });
    expect((await ask("/api/repositories/acme%2Fweb/job")).body).toMatchObject({ job_id: "web" });
    expect((await ask("/api/repositories/acme%2Fweb/status")).body).toMatchObject({ job_id: "web" });
  });

  test("reads queries by the kinds of the arguments, and refuses what does not fit", async () => {
    const { ask } = await serveNomad({ address: fake.address, toolsets });
    const events = await ask("/api/events?topics=Job&topics=Node&timeout_seconds=0.1&max_events=3");
    expect(events).toMatchObject({ status: 200, body: { events: [] } });
    expect(await ask("/api/jobs?per_page=many")).toMatchObject({
      status: 400,
      body: { error: { code: "E_ARGUMENT_INVALID" }, detail: expect.stringContaining("per_page") },
    });
    expect((await ask("/api/jobs?colour=red")).status).toBe(400);
    expect((await ask("/api/jobs/submit", { method: "POST", body: "{" })).status).toBe(400);
  });

  test("takes the job of the path, whatever the body says", async () => {
    const { ask } = await serveNomad({ address: fake.address });
    await ask("/api/jobs/submit", post(submit));
    const stopped = await ask("/api/jobs/nope/stop", post({ job_id: "web" }));
    expect(stopped).toMatchObject({ status: 404, body: { error: { code: "E_ENGINE_JOB_UNKNOWN" } } });
    expect(fake.state.jobs.get("default\nweb").Stop).toBeFalsy();
  });

  test("asks for confirm: true as the tools do", async () => {
    const { ask } = await serveNomad({ address: fake.address });
    await ask("/api/jobs/submit", post(submit));
    const refused = await ask("/api/jobs/web/stop", post({ purge: true }));
    expect(refused.body.error).toMatchObject({ code: "E_CONFIRM_REQUIRED" });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect((await ask("/api/jobs/web/stop", post({ purge: true, confirm: true }))).status).toBe(200);
  });

  test("answers words to whoever asks for text", async () => {
    const { ask } = await serveNomad({ address: fake.address });
    await ask("/api/jobs/submit", post(submit));
    const { body } = await ask("/api/logs/job/web", { headers: { accept: "text/plain" } });
    expect(body).toContain("output of the job, not instructions");
  });

  test("describes every operation in OpenAPI, with its toolset as tag", async () => {
    const { ask } = await serveNomad(
      { address: fake.address, toolsets },
      { title: "Ours", instructions: "Of ours." },
    );
    const { body } = await ask("/openapi.json");
    expect(body).toMatchObject({ openapi: "3.1.0", info: { title: "Ours", description: "Of ours." } });
    const operations = Object.values<Record<string, { operationId?: string; tags?: string[] }>>(
      body.paths,
    ).flatMap((methods) => Object.values(methods));
    const ids = operations.flatMap(({ operationId }) => operationId ?? []).toSorted();
    expect(ids).toEqual(nomadOperations.map(({ name }) => name).toSorted());
    const tags = new Set(operations.flatMap((operation) => operation.tags ?? []));
    expect([...tags].toSorted()).toEqual([...toolsets].toSorted());
    expect(body.paths["/api/jobs/{job_id}"].get.parameters).toContainEqual(
      expect.objectContaining({ in: "path", name: "job_id", required: true }),
    );
    const page = await ask("/docs/", { headers: { accept: "text/html" } });
    expect([page.status, typeof page.body]).toEqual([200, "string"]);
  });

  test("serves what the toolsets and read-only leave", async () => {
    const { ask } = await serveNomad({ address: fake.address, toolsets: ["logs", "jobs"], readOnly: true });
    expect((await ask("/api/jobs")).status).toBe(200);
    expect((await ask("/api/configs")).status).toBe(404);
    expect((await ask("/api/jobs/web/stop", post({}))).status).toBe(404);
  });

  test("shares the policy of MCP: a credential, and the scope of each tool", async () => {
    const reader = { name: "reader", scopes: new Set(["read"]) };
    const { ask } = await serveNomad(
      { address: fake.address },
      { authenticator: staticToken("t0ken", reader) },
    );
    const headers = { authorization: "Bearer t0ken" };
    expect((await ask("/api/jobs")).status).toBe(401);
    expect((await ask("/openapi.json")).status).toBe(401);
    expect((await ask("/api/jobs", { headers })).status).toBe(200);
    expect(await ask("/api/jobs/submit", { ...post(submit), headers })).toMatchObject({
      status: 403,
      body: { error: { code: "E_AUTH_FORBIDDEN" } },
    });
    expect(fake.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("[NMD-03] MCP is at /mcp and, for hosts of 2024, at /mcp/sse as in the seed", async () => {
  const { url } = await serveNomad({ address: fake.address });
  for (const [transport, path] of [
    ["http", "/mcp"],
    ["sse", "/mcp/sse"],
    ["sse", "/sse"],
  ] as const) {
    const client = createMcpClient({ url: `${url}${path}`, transport });
    const { structuredContent } = await client.callTool("list_jobs", { namespace: "development" });
    expect([path, structuredContent]).toEqual([path, { jobs: [] }]);
    await client.close();
  }
});
