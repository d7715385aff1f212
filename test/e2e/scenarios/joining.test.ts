import { request as httpRequest } from "node:http";
import { expect } from "vitest";
import { callTool, http, modernClient, oldClient } from "../harness/clients.ts";
import { scratch, secret, startHub, startNode, startWorker } from "../harness/nodes.ts";
import { runToEnd } from "../harness/processes.ts";
import { eventually } from "../harness/wait.ts";
import { answers, register, startSeedWorker, startStranger } from "../harness/workers.ts";
import { verifies } from "../verifies.ts";

/** A header no HTTP library sends: bytes beyond ASCII. */
function registerWithRawToken(base: string, token: Buffer): Promise<number> {
  const url = new URL(`${base}/register`);
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      url,
      {
        method: "POST",
        headers: { "content-type": "application/json", "x-mcp-token": token.toString("latin1") },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    call.on("error", reject);
    call.end("{}");
  });
}

verifies(["JOIN-01", "JOIN-07", "BAD-04"], "each malformed registration has its answer", async () => {
  const hub = await startHub();
  const url = "http://127.0.0.1:1/mcp";
  const bare = await http(`${hub.base}/register`, { body: { id: "w", url } });
  expect([bare.status, bare.body.detail ?? bare.body.message ?? bare.text]).toEqual([
    403,
    expect.stringContaining("X-MCP-Token"),
  ]);
  expect((await register(hub, { id: "w", url }, "wrong")).status).toBe(403);
  expect(await registerWithRawToken(hub.base, Buffer.from("pötato-\u00ff"))).toBe(403);
  for (const [body, field] of [
    [{ url }, "id"],
    [{ id: "w" }, "url"],
    [{ id: "../../etc/passwd", url }, "id"],
    [{ id: "w", url: "file:///etc/passwd" }, "url"],
    [{ id: "w", url: "not an address" }, "url"],
    [{ id: "w", url, labels: { gpu: 4 } }, "labels"],
    ["{broken", "JSON"],
    ["[]", "body"],
    ["null", "body"],
  ] as const) {
    const answer = await register(hub, body);
    expect([body, answer.status]).toEqual([body, 400]);
    expect(answer.text).toContain(field);
    expect(answer.text).not.toMatch(/ at .*\.ts|node_modules/);
  }
  const elsewhere = await register(hub, { id: "w", url, instance: "inst_1", credential: "c".repeat(32) });
  expect([elsewhere.status, elsewhere.text]).toEqual([400, expect.stringContaining("--public-url")]);
  expect((await http(`${hub.base}/health`)).body.workers.total).toBe(0);
});

verifies(["JOIN-01"], "a lease is needed to beat and to leave", async () => {
  const hub = await startHub();
  const stranger = await startStranger(hub, "w", [answers("get_status", () => ({}))]);
  const beat = (headers: Record<string, string>, id = "w") =>
    http(`${hub.base}/register/${id}/heartbeat`, { body: {}, headers });
  expect((await beat({})).status).toBe(403);
  expect((await beat({ "x-mcp-token": secret, "x-parley-lease": "guessed" })).status).toBe(403);
  expect((await beat({ "x-mcp-token": secret, "x-parley-lease": stranger.lease }, "nobody")).status).toBe(
    404,
  );
  const gone = await http(`${hub.base}/register/w`, {
    method: "DELETE",
    headers: { "x-mcp-token": secret, "x-parley-lease": "guessed" },
  });
  expect(gone.status).toBe(403);
  expect((await stranger.beat()).status).toBe(200);
});

verifies(["JOIN-02"], "a new worker's tools appear with their schemas, and clients hear of it", async () => {
  const hub = await startHub();
  const told: string[] = [];
  const old = await oldClient(hub.url);
  old.fallbackNotificationHandler = async ({ method }) => void told.push(`old ${method}`);
  const worker = await startWorker(hub, "10", { mock: "hpc" });
  const direct = (await http(`${worker.base}/tools/list`)).body.tools as {
    name: string;
    inputSchema: unknown;
  }[];
  const mirrored = await eventually("the mirrored tool", async () => {
    const { tools } = (await http(`${hub.base}/tools/list`)).body;
    return tools.find((tool: { name: string }) => tool.name === "n_10_ask_secretary");
  });
  expect(mirrored.inputSchema).toEqual(direct.find((tool) => tool.name === "ask_secretary")?.inputSchema);
  expect(mirrored._meta).toMatchObject({ worker_id: "10", original_name: "ask_secretary" });
  await eventually("the notification", () => told.includes("old notifications/tools/list_changed"));
  const modern = await modernClient(hub.url);
  expect((await modern.listTools()).tools.map((tool) => tool.name)).toContain("n_10_get_status");
});

verifies(
  ["JOIN-03", "JOIN-07"],
  "a worker without the secret, or with a wrong one, ends with a sentence",
  async () => {
    const hub = await startHub();
    const home = await scratch();
    const without = ["start", "--join", hub.base, "--port", "0", "--mock", "hpc", "--state-dir", home];
    const [none, wrong] = await Promise.all([
      runToEnd(without),
      runToEnd([...without, "--worker-id", "w", "--join-secret", "wrong"]),
    ]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("--join-secret")]);
    expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining("join secret is wrong")]);
    expect(wrong.stderr).not.toContain("    at ");
  },
);

verifies(["JOIN-03"], "a worker that starts before its hub joins when the hub appears", async () => {
  const first = await startHub();
  const port = new URL(first.url).port;
  await first.close();
  const early = await startNode({ join: first.base, joinSecret: secret, workerId: "early", mock: "cloud" });
  await eventually("a first try", () => early.membership?.state?.kind === "retrying");
  const hub = await startHub({ port });
  await eventually("the worker", async () => {
    const { workers } = (await http(`${hub.base}/workers`)).body;
    return workers.some(
      (worker: { id: string; state: string }) => worker.id === "early" && worker.state === "online",
    );
  });
});

verifies(["JOIN-04"], "ids that sanitise alike are told apart, also when they come at once", async () => {
  const hub = await startHub();
  await Promise.all(
    ["a-b", "a.b", "a_b"].map((id) => startStranger(hub, id, [answers("who", () => ({ id }))])),
  );
  const { tools } = await eventually("three tools", async () => {
    const { body } = await http(`${hub.base}/tools/list`);
    return body.tools.filter((tool: { name: string }) => tool.name.startsWith("a_b")).length === 3 && body;
  });
  const mirrored = tools.filter((tool: { name: string }) => tool.name.startsWith("a_b"));
  expect(new Set(mirrored.map((tool: { name: string }) => tool.name)).size).toBe(3);
  for (const { name, _meta } of mirrored) {
    expect((await callTool(hub, name)).value.id).toBe(_meta.worker_id);
  }
});

verifies(
  ["JOIN-05"],
  "a second process with a live worker's id is refused, whichever kind either is",
  async () => {
    const hub = await startHub();
    const first = await startWorker(hub, "twin", { mock: "hpc" });
    const second = await startNode({ join: hub.base, joinSecret: secret, workerId: "twin", mock: "cloud" });
    const state = await second.membership?.first;
    expect(state).toMatchObject({ kind: "refused", error: { code: "E_REGISTER_CONFLICT" } });
    expect((await second.ended)?.message).toContain("twin");
    const legacy = await register(hub, { id: "twin", url: "http://127.0.0.1:9/mcp" });
    expect(legacy.status).toBe(409);
    expect((await callTool(hub, "twin_get_status")).value.worker_id).toBe("twin");
    expect((await http(`${hub.base}/workers`)).body.workers[0].url).toBe(first.url);
  },
);

verifies(
  ["JOIN-05", "LEG-01"],
  "a live worker of the seed's kind keeps its id, a dead one does not",
  async () => {
    const hub = await startHub();
    const holder = await startSeedWorker("old", { proposal: "" });
    const rival = await startSeedWorker("old", { proposal: "" });
    expect((await register(hub, { id: "old", url: holder.url })).status).toBe(200);
    expect((await register(hub, { id: "old", url: holder.url })).status).toBe(200);
    expect((await register(hub, { id: "old", url: rival.url })).status).toBe(409);
    const ours = await startNode({ join: hub.base, joinSecret: secret, workerId: "old", mock: "hpc" });
    expect(await ours.membership?.first).toMatchObject({ kind: "refused" });
    await holder.close();
    expect((await register(hub, { id: "old", url: rival.url })).status).toBe(200);
  },
);

verifies(["JOIN-06"], "the seed's literal addresses work", async () => {
  const hub = await startHub();
  const port = new URL(hub.url).port;
  const worker = await startNode({
    join: `http://0.0.0.0:${port}/register`,
    joinSecret: secret,
    workerId: "n0",
    mock: "standalone",
  });
  expect(await worker.membership?.first).toMatchObject({ kind: "joined", prefix: "n0" });
  const own = new URL(worker.url);
  const seed = await register(hub, { id: "old-way", url: `http://0.0.0.0:${own.port}/mcp` });
  expect(seed.status).toBe(200);
  const { workers } = (await http(`${hub.base}/workers`)).body;
  expect(workers.find((entry: { id: string }) => entry.id === "old-way").url).toBe(
    `http://127.0.0.1:${own.port}/mcp`,
  );
});
