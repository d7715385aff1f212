import { expect } from "vitest";
import { callTool, http } from "../harness/clients.ts";
import { scratch, secret, startHub } from "../harness/nodes.ts";
import { spawnServer } from "../harness/processes.ts";
import { eventually } from "../harness/wait.ts";
import { answers, startStranger } from "../harness/workers.ts";
import { verifies } from "../verifies.ts";

type View = { id: string; state: string; prefix: string; tools: number };

async function workers(base: string): Promise<View[]> {
  return (await http(`${base}/workers`)).body.workers;
}

async function toolNames(base: string): Promise<string[]> {
  return (await http(`${base}/tools/list`)).body.tools.map((tool: { name: string }) => tool.name);
}

const joining = (hub: { base: string }, id: string, dir: string): string[] => [
  "--join",
  hub.base,
  "--join-secret",
  secret,
  "--worker-id",
  id,
  "--port",
  "0",
  "--mock",
  "hpc",
  "--state-dir",
  dir,
];

verifies(["LOSS-01", "LOSS-02", "LOSS-04"], "a worker is lost, comes back, and says goodbye", async () => {
  const hub = await startHub();
  const dir = await scratch();
  const worker = await spawnServer(joining(hub, "10", dir));
  await eventually("its tools", async () => (await toolNames(hub.base)).includes("n_10_get_status"));
  await worker.kill();
  const killedAt = Date.now();
  await eventually("its loss", async () => (await workers(hub.base))[0]?.state === "offline");
  await eventually(
    "the end of its tools",
    async () => !(await toolNames(hub.base)).includes("n_10_get_status"),
  );
  expect(Date.now() - killedAt).toBeLessThan(6000);
  const status = (await callTool(hub, "get_fleet_status")).value;
  expect(status["10"]).toMatchObject({ online: false, state: "offline" });
  const asked = (await callTool(hub, "satisfy_job", { prompt: "Run hostname" })).value;
  expect(asked.proposals).toEqual({});
  const all = (await callTool(hub, "satisfy_job", { prompt: "Run hostname", include_offline: true })).value;
  expect(all.proposals["10"]).toMatchObject({ type: "error" });

  const again = await spawnServer(joining(hub, "10", dir));
  await eventually("its return", async () => (await toolNames(hub.base)).includes("n_10_get_status"));
  expect((await workers(hub.base))[0]).toMatchObject({ prefix: "n_10", state: "online" });
  again.signal("SIGTERM");
  const ended = await again.ended;
  expect(ended.code).toBe(0);
  expect(await workers(hub.base)).toEqual([]);
  expect(await toolNames(hub.base)).not.toContain("n_10_get_status");
});

verifies(["LOSS-02"], "a changed set of tools is mirrored as it is now", async () => {
  const hub = await startHub();
  const tools = (change: string, extra: string) => [
    answers("stays", () => 1),
    answers(extra, () => 1),
    { ...answers("changes", () => 1), description: change },
  ];
  const stranger = await startStranger(hub, "w", tools("before", "goes"));
  await eventually("its tools", async () => (await toolNames(hub.base)).includes("w_goes"));
  stranger.registry.replace("site", { tools: tools("after", "comes") });
  await eventually("the new tool", async () => (await toolNames(hub.base)).includes("w_comes"));
  const listed = (await http(`${hub.base}/tools/list`)).body.tools;
  const own = listed.filter((tool: { name: string }) => tool.name.startsWith("w_"));
  expect(own.map((tool: { name: string }) => tool.name)).toEqual(["w_changes", "w_comes", "w_stays"]);
  expect(own[0].description).toBe("after");
});

verifies(["LOSS-02"], "a worker that was silent too long has its tools again when it beats", async () => {
  const hub = await startHub();
  const stranger = await startStranger(hub, "w", [answers("get_status", () => ({}))]);
  const hasTools = async (): Promise<boolean> => (await toolNames(hub.base)).includes("w_get_status");
  await eventually("its tools", hasTools);
  await stranger.beat();
  stranger.fallSilent();
  await eventually("the end of its tools", async () => !(await hasTools()));
  expect((await stranger.beat()).status).toBe(200);
  await eventually("its tools again", hasTools);
});

verifies(["LOSS-03"], "a hub that was killed has its workers again without touching them", async () => {
  const stateDir = await scratch();
  const flags = ["--hub", "--hub-secret", secret, "--heartbeat", "1", "--state-dir", stateDir];
  const first = await spawnServer([...flags, "--port", "0"]);
  const stranger = await startStranger(first, "w", [answers("who", () => ({ me: "w" }))]);
  await eventually("its tools", async () => (await toolNames(first.base)).includes("w_who"));
  await first.kill();
  const second = await spawnServer([...flags, "--port", new URL(first.url).port]);
  await eventually("its tools again", async () => (await toolNames(second.base)).includes("w_who"));
  expect((await stranger.beat()).status).toBe(200);
  expect((await callTool(second, "w_who")).value).toEqual({ me: "w" });
});
