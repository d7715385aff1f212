import { expect, test } from "vitest";
import { entry, isAlive, start, stdio, text, tool, until, upstream } from "./_gateway.ts";

test("[GTW-26 GTW-29] a child that dies in a call is 502 for that call, and there again for the next", async () => {
  const { post, gateway } = await start({ servers: [stdio("raw")] });
  const first = (await post("/raw/pid")).json;
  const dying = post("/raw/die");
  expect((await dying).status).toBe(502);
  const startedAt = performance.now();
  const second = await post("/raw/pid");
  expect(second.status).toBe(200);
  expect(second.json).not.toBe(first);
  expect(performance.now() - startedAt).toBeLessThan(5000);
  await gateway.close();
  await until(() => expect([first, second.json].some(isAlive)).toBe(false));
});

test("[GTW-24 GTW-26] a silent call is 504 after the server's time, or after the caller's", async () => {
  const { post } = await start({ servers: [stdio("raw", [], { timeout: 0.3 })] });
  const silent = await post("/raw/hang");
  expect([silent.status, silent.at("error", "code")]).toEqual([504, "E_MCP_TIMEOUT"]);
  const patient = await start({ servers: [stdio("raw")] });
  const startedAt = performance.now();
  expect((await patient.post("/raw/hang", {}, { prefer: "wait=1" })).status).toBe(504);
  expect(performance.now() - startedAt).toBeLessThan(8000);
  expect((await patient.post("/raw/echo", { text: "still there" })).json).toBe("still there");
});

test("[GTW-24] each report of progress starts the time anew", async () => {
  const { post } = await start({ servers: [stdio("raw", [], { timeout: 0.6 })] });
  expect((await post("/raw/slow", { steps: 8, everyMs: 200 })).text).toBe('"done"');
  expect((await post("/raw/slow", { steps: 8, everyMs: 200, report: false })).status).toBe(504);
});

test("[GTW-01] a server that never greets delays nobody", async () => {
  const { post, gateway, get } = await start(
    { servers: [stdio("mute", ["mute"]), stdio("raw")] },
    { isSettled: false },
  );
  await until(() => expect(gateway.servers[1]?.state).toBe("ready"));
  expect((await post("/raw/echo", { text: "x" })).status).toBe(200);
  const listed = await get("/servers");
  const states = [0, 1].map((index) => listed.at("servers", index, "state"));
  expect(states).toEqual(["installing", "ready"]);
  expect((await post("/mute/echo", { text: "x" }, { prefer: "wait=1" })).status).toBe(504);
});

test("[GTW-26] a line that is no message and a result of 10 MB pass", async () => {
  const { post, warnings } = await start({ servers: [stdio("raw")] });
  expect((await post("/raw/garble")).json).toBe("garbled");
  await until(() => expect(warnings.join()).toContain("no message"));
  const large = await post("/raw/large");
  expect([large.status, large.text.length]).toEqual([200, 10 * 2 ** 20 + 2]);
});

test("[GTW-26] a changed catalogue is followed", async () => {
  const { post, get } = await start({ servers: [stdio("raw")] });
  expect((await post("/raw/more")).status).toBe(404);
  await post("/raw/grow");
  await until(async () => expect((await get("/raw/openapi.json")).keys("paths")).toContain("/more"));
});

test("[GTW-26] a server over HTTP that was restarted answers the first call", async () => {
  const first = await upstream();
  first.registry.addTool(tool("t", text("one")));
  const { post, gateway } = await start({ servers: [entry("up", { type: "http", url: first.url })] });
  expect((await post("/up/t", {})).json).toBe("one");
  await first.close();
  expect((await post("/up/t", {})).status).toBe(502);
  await until(() => expect(gateway.servers[0]).toMatchObject({ state: "unreachable", tools: 1 }));
  const again = await upstream({ port: first.port });
  again.registry.addTool(tool("t", text("two")));
  expect((await post("/up/t", {})).json).toBe("two");
  await until(() => expect(gateway.servers[0]?.state).toBe("ready"));
});

test("a caller who leaves ends the call at the server", async () => {
  const { registry, url } = await upstream();
  const ended: string[] = [];
  registry.addTool(
    tool(
      "wait",
      (_args, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            ended.push("ended");
            resolve(text("late"));
          });
        }),
    ),
  );
  const { url: address, gateway } = await start({ servers: [entry("up", { type: "http", url })] });
  const leave = new AbortController();
  const call = fetch(`${address}/up/wait`, { method: "POST", signal: leave.signal }).catch(() => undefined);
  await until(() => expect(gateway.servers[0]?.running).toBe(1));
  leave.abort();
  await call;
  await until(() => expect(ended).toEqual(["ended"]));
});

test("[GTW-29] closing lets a running call finish and leaves no program behind", async () => {
  const { post, gateway } = await start({ servers: [stdio("raw")] }, { closeGraceMs: 3000 });
  const { json: pid } = await post("/raw/pid");
  const running = post("/raw/slow", { steps: 3, everyMs: 100 });
  await until(() => expect(gateway.servers[0]?.running).toBe(1));
  await gateway.close();
  expect((await running).json).toBe("done");
  await until(() => expect(isAlive(pid)).toBe(false));
});
