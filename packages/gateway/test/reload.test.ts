import { expect, test } from "vitest";
import { entry, isAlive, parse, start, stdio, text, tool, until, upstream } from "./_gateway.ts";

test("[GTW-05] a reload adds, changes and removes at one moment, and keeps what is the same", async () => {
  const { registry, url } = await upstream();
  registry.addTool(tool("t", text("x")));
  const { gateway, post, get } = await start({ servers: [stdio("same"), stdio("changed"), stdio("gone")] });
  const { json: pid } = await post("/same/pid");
  const change = await gateway.reload({
    servers: [
      stdio("same"),
      stdio("changed", [], { disabledTools: ["echo"] }),
      entry("fresh", { type: "http", url }),
    ],
    keys: [],
  });
  expect(change).toEqual({ added: ["fresh"], changed: ["changed"], removed: ["gone"] });
  expect((await post("/same/pid")).json).toBe(pid);
  expect((await post("/changed/echo", { text: "x" })).status).toBe(404);
  expect((await post("/fresh/t", {})).json).toBe("x");
  expect((await post("/gone/echo", { text: "x" })).status).toBe(404);
  expect((await get("/openapi.json")).keys("paths").join()).not.toContain("/gone/");
});

test("[GTW-05 GTW-29] no call fails over many reloads, and no program is left of them", async () => {
  const { gateway, post } = await start({ servers: [stdio("raw")] });
  const pids = new Set<unknown>();
  const over = new AbortController();
  const calling = async (): Promise<readonly number[]> => {
    const statuses: number[] = [];
    while (!over.signal.aborted) {
      const answer = await post("/raw/pid");
      statuses.push(answer.status);
      pids.add(answer.json);
    }
    return statuses;
  };
  const callers = [calling(), calling(), calling()];
  for (let round = 0; round < 6; round += 1) {
    await gateway.reload({ servers: [stdio("raw", [], { env: { ROUND: String(round) } })], keys: [] });
  }
  over.abort();
  const statuses = (await Promise.all(callers)).flat();
  expect(statuses.length).toBeGreaterThan(10);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(pids.size).toBeGreaterThan(1);
  await until(() => expect([...pids].filter(isAlive)).toHaveLength(1));
  await gateway.close();
  await until(() => expect([...pids].filter(isAlive)).toEqual([]));
}, 40_000);

test("[GTW-05] a call that runs while its server is replaced comes to its end", async () => {
  const { gateway, post } = await start({ servers: [stdio("raw")] });
  const slow = post("/raw/slow", { steps: 10, everyMs: 100 });
  await until(() => expect(gateway.servers[0]?.running).toBe(1));
  await gateway.reload({ servers: [stdio("raw", ["grown"])], keys: [] });
  expect((await slow).json).toBe("done");
  expect((await post("/raw/echo", { text: "new" })).json).toBe("new");
});

test("[GTW-05] keys change with the rest, and unusable ones change nothing", async () => {
  const { gateway, post } = await start({
    servers: [stdio("raw")],
    keys: [{ name: "a", key: "one", servers: [], tools: [] }],
  });
  const call = (key: string) => post("/raw/echo", { text: "x" }, { authorization: `Bearer ${key}` });
  const { servers, keys } = parse({
    mcpServers: { other: { command: "x" } },
    keys: { a: { key: "two" }, b: { key: "two" } },
  });
  await expect(gateway.reload({ servers, keys })).rejects.toMatchObject({ code: "E_CONFIG_INVALID" });
  expect((await call("one")).status).toBe(200);
  await gateway.reload({
    servers: [stdio("raw")],
    keys: [{ name: "a", key: "two", servers: [], tools: [] }],
  });
  expect([(await call("one")).status, (await call("two")).status]).toEqual([401, 200]);
});
