import { setTimeout as sleep } from "node:timers/promises";
import type { FakeClock } from "@parley/testing";
import { createMcpClient } from "@parley/mcp-client";
import { expect, onTestFinished, test } from "vitest";
import { entry, start, text, tool, until, upstream } from "./_gateway.ts";
import { lost, pool } from "./_replicas.ts";

const fails = async (): Promise<never> => {
  throw lost();
};

/** The one that is drawn last. */
const slowly = (clock: FakeClock) => async () => {
  clock.advance(10);
  return text("server 2");
};

test("[GTW-132] a call goes to a server that is ready, and of two to the one with less before it", async () => {
  const { first, second, call, clock, draw } = pool();
  first.state = "unreachable";
  expect(await call("write")).toEqual(text("server 2"));
  first.state = "ready";
  // Both are drawn: the quicker one is taken whichever comes first.
  second.answer = async () => {
    clock.advance(50);
    return text("slow");
  };
  draw(0.6);
  expect(await call("write")).toEqual(text("slow"));
  for (const chance of [0, 0.6]) {
    draw(chance);
    expect(await call("write")).toEqual(text("server 1"));
  }
});

test("[GTW-132] calls that run at once are spread", async () => {
  const { first, second, call } = pool();
  first.answer = second.answer = async () => {
    await sleep(5);
    return text("done");
  };
  await Promise.all(Array.from({ length: 20 }, () => call("write")));
  expect([first.calls, second.calls]).toEqual([10, 10]);
});

test("[GTW-133] a call that does no harm twice goes on to another server, any other is told", async () => {
  const { first, second, call, clock } = pool();
  first.answer = fails;
  second.answer = slowly(clock);
  expect(await call("look")).toEqual(text("server 2"));
  expect(await call("set")).toEqual(text("server 2"));
  await expect(call("write")).rejects.toMatchObject({ code: "E_MCP_UNREACHABLE" });
  second.answer = fails;
  await expect(call("look")).rejects.toMatchObject({ code: "E_MCP_UNREACHABLE", message: "It is gone." });
});

test("[GTW-134] a server that fails again and again gets no calls until a probe succeeds, as its status says", async () => {
  const { upstream: one, first, second, call, clock } = pool({ breaker: { failures: 2, cooldown: 10 } });
  first.answer = fails;
  second.answer = slowly(clock);
  await call("look");
  await call("look");
  const states = () => one.replicaStates?.().map(({ breaker }) => breaker);
  expect(states()).toEqual(["open", "closed"]);
  const before = first.calls;
  for (let index = 0; index < 5; index += 1) expect(await call("write")).toEqual(text("server 2"));
  expect(first.calls).toBe(before);
  clock.advance(10_000);
  expect(states()).toEqual(["half-open", "closed"]);
  first.answer = async () => text("back");
  expect(await call("write")).toEqual(text("back"));
  expect(states()).toEqual(["closed", "closed"]);
});

test("[GTW-134] with a breaker a single server that is down refuses at once", async () => {
  const { first, call, clock } = pool({ breaker: { failures: 1 }, replicas: [] }, 1);
  first.answer = fails;
  await expect(call("write")).rejects.toThrow("It is gone.");
  await expect(call("write")).rejects.toThrow("tried again in 10 s");
  expect(first.calls).toBe(1);
  clock.advance(10_000);
  first.answer = async () => text("back");
  expect(await call("write")).toEqual(text("back"));
});

test("[GTW-134] a call its caller ended, and an error of a tool, say nothing against a server", async () => {
  const { first, call, upstream: one } = pool({ breaker: { failures: 1 } });
  const leave = new AbortController();
  first.answer = async (_args, { signal }) => {
    leave.abort(lost());
    signal.throwIfAborted();
    return text("late");
  };
  await expect(call("write", {}, { signal: leave.signal })).rejects.toThrow("It is gone.");
  first.answer = async () => ({ ...text("no"), isError: true });
  await call("write");
  expect(one.replicaStates?.()[0]?.breaker).toBe("closed");
});

test("[GTW-133] a read that takes longer than most is asked of another server, and the slower call is ended", async () => {
  const { first, second, call } = pool();
  for (let index = 0; index < 40; index += 1) await call("look");
  let ended = false;
  first.answer = async (_args, { signal }) =>
    await new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        ended = true;
        reject(lost());
      });
    });
  const before = second.calls;
  expect(await call("look")).toEqual(text("server 2"));
  expect([second.calls - before, ended]).toEqual([1, true]);
  const leave = new AbortController();
  const writing = call("write", {}, { signal: leave.signal }).catch(() => "ended");
  await sleep(30);
  expect(second.calls - before).toBe(1);
  leave.abort();
  expect(await writing).toBe("ended");
});

test("[GTW-135] identical reads of one caller that run at once are one call, which ends with the last who waits", async () => {
  const { first, call } = pool({ reads: { coalesce: true } });
  let ended = false;
  first.answer = async (args, context) => {
    context.progress(1, 2);
    context.signal.addEventListener("abort", () => (ended = true));
    await sleep(20);
    return text(JSON.stringify(args));
  };
  const heard: number[] = [];
  const hear = { progress: (done: number) => void heard.push(done) };
  const answers = await Promise.all([call("look", { a: 1, b: 2 }, hear), call("look", { b: 2, a: 1 }, hear)]);
  expect([first.calls, answers[0] === answers[1], heard]).toEqual([1, true, [1, 1]]);
  await Promise.all([
    call("look", { a: 2 }),
    call("look", { a: 1 }),
    call("look", { a: 1 }, { caller: "b" }),
    call("write"),
  ]);
  expect(first.calls).toBe(5);
  const [one, other] = [new AbortController(), new AbortController()];
  const waiting = [one, other].map(({ signal }) => call("look", { a: 3 }, { signal }).catch(() => "left"));
  await sleep(1);
  one.abort();
  expect(await waiting[0]).toBe("left");
  expect(ended).toBe(false);
  other.abort();
  expect(await waiting[1]).toBe("left");
  await until(() => expect(ended).toBe(true));
  // Nobody gets what was ended.
  expect(await call("look", { a: 3 })).toEqual(text('{"a":3}'));
}, 20_000);

test("[GTW-135] an answer is kept for its caller and arguments for as long as the entry says, a failure never", async () => {
  const { first, call, clock } = pool({ reads: { cache: 5 }, replicas: [] }, 1);
  await call("look", { a: 1 });
  clock.advance(4999);
  await call("look", { a: 1 });
  expect(first.calls).toBe(1);
  await call("look", { a: 1 }, { caller: "b" });
  await call("look", { a: 2 });
  await call("set", { a: 1 });
  await call("set", { a: 1 });
  expect(first.calls).toBe(5);
  clock.advance(2);
  await call("look", { a: 1 });
  expect(first.calls).toBe(6);
  first.answer = async () => ({ ...text("no"), isError: true });
  await call("look", { a: 9 });
  await call("look", { a: 9 });
  expect(first.calls).toBe(8);
});

test("[GTW-167] an answer is kept no longer than it says itself, nor than the entry says", async () => {
  const { first, call, clock } = pool({ reads: { cache: 5 }, replicas: [] }, 1);
  const saying = (ttlMs: number, cacheScope: "public" | "private" = "private") => {
    first.answer = async () => ({ ...text(`answer ${first.calls}`), ttlMs, cacheScope });
  };
  const callsIn = async (ms: number, args: Readonly<Record<string, unknown>>) => {
    const before = first.calls;
    await call("look", args);
    clock.advance(ms);
    const again = await call("look", args);
    return { calls: first.calls - before, ttlMs: again.ttlMs };
  };
  saying(1000);
  expect(await callsIn(999, { a: 1 })).toEqual({ calls: 1, ttlMs: 1 });
  expect(await callsIn(1000, { a: 2 })).toEqual({ calls: 2, ttlMs: 1000 });
  saying(0);
  expect(await callsIn(0, { a: 3 })).toEqual({ calls: 2, ttlMs: 0 });
  saying(60_000, "public");
  expect(await callsIn(4999, { a: 4 })).toEqual({ calls: 1, ttlMs: 55_001 });
  expect(await callsIn(5000, { a: 5 })).toEqual({ calls: 2, ttlMs: 60_000 });
  const before = first.calls;
  await call("look", { a: 5 }, { caller: "b" });
  expect(first.calls - before).toBe(1);
});

test("[GTW-167] how long a tool's answer and a resource may be kept reaches the client", async () => {
  const { registry, url } = await upstream();
  registry.addTool(tool("who", { ...text("me"), ttlMs: 1500, cacheScope: "public" }));
  registry.addResource({
    name: "r",
    uri: "r://1",
    cache: { ttlMs: 2500, scope: "public" },
    read: async (uri) => [{ uri, text: "read" }],
  });
  const { url: own } = await start({ servers: [entry("up", { type: "http", url })] });
  const client = createMcpClient({ url: `${own}/mcp`, era: "modern" });
  onTestFinished(() => client.close());
  expect(await client.readResource("r://1")).toMatchObject({ ttlMs: 2500, cacheScope: "public" });
  expect(await client.callTool("up_who")).toMatchObject({ ttlMs: 1500, cacheScope: "public" });
  const old = createMcpClient({ url: `${own}/mcp`, era: "legacy" });
  onTestFinished(() => old.close());
  expect(await old.callTool("up_who")).toMatchObject(text("me"));
  expect(await old.readResource("r://1")).not.toHaveProperty("ttlMs");
});

test("[GTW-132 GTW-134] replicas of an entry are one server, whose parts /servers shows", async () => {
  const servers = await Promise.all([upstream(), upstream()]);
  for (const [index, { registry }] of servers.entries()) {
    registry.addTool(tool("who", text(`server ${index + 1}`), { annotations: { readOnlyHint: true } }));
  }
  const [one, other] = servers;
  const site = entry("site", { url: one?.url, replicas: [{ url: other?.url }] });
  const { post, get } = await start({ servers: [site] });
  await until(async () =>
    expect((await get("/servers")).at("servers", 0, "parts", 1, "state")).toBe("ready"),
  );
  const said = new Set<unknown>();
  await until(async () => {
    said.add((await post("/site/who", {})).json);
    expect(said).toEqual(new Set(["server 1", "server 2"]));
  });
  await one?.close();
  for (let index = 0; index < 10; index += 1) expect((await post("/site/who", {})).json).toBe("server 2");
  expect((await get("/servers")).at("servers", 0)).toMatchObject({
    state: "ready",
    parts: [{ replica: 1 }, { replica: 2, state: "ready", breaker: "closed" }],
  });
}, 30_000);

test("[GTW-132] an entry's replicas are read with their places", () => {
  expect(() => entry("a", { command: "x", replicas: [{ type: "http" }] })).toThrow(
    /1:\d+: .*replicas.*needs a url/,
  );
  expect(() => entry("a", { command: "x", breaker: { failures: 0 } })).toThrow("write at least 1");
});
