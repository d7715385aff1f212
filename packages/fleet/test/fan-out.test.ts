import { ParleyError } from "@parley/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fanOut } from "../src/hub/fan-out.ts";

const targets = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `w${index}` }));
const now = () => Date.now();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a hung target costs nothing past its deadline, even when it ignores its signal", async () => {
  let aborted = false;
  const work = fanOut(targets(3), {
    mode: { kind: "parallel" },
    timeoutMs: 1000,
    now,
    ask: ({ id }, signal) => {
      signal.addEventListener("abort", () => (aborted = true));
      return id === "w1" ? new Promise<string>(() => undefined) : Promise.resolve(id);
    },
  });
  await vi.advanceTimersByTimeAsync(1000);
  const outcomes = await work;
  expect(outcomes.map(({ id, ok }) => [id, ok])).toEqual([
    ["w0", true],
    ["w1", false],
    ["w2", true],
  ]);
  expect(outcomes[1]).toMatchObject({
    error: { code: "E_MCP_TIMEOUT", message: expect.stringContaining("w1") },
  });
  expect(aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("the round's own deadline ends those that had no turn", async () => {
  let asked = 0;
  const work = fanOut(targets(5), {
    mode: { kind: "serial" },
    timeoutMs: 1000,
    totalMs: 1500,
    now,
    ask: () => {
      asked += 1;
      return new Promise<string>(() => undefined);
    },
  });
  await vi.advanceTimersByTimeAsync(1500);
  const outcomes = await work;
  expect(outcomes).toHaveLength(5);
  expect(outcomes.every((outcome) => !outcome.ok)).toBe(true);
  expect(asked).toBe(2);
});

test("an abort ends every question as interrupted, before and while it runs", async () => {
  const stop = new AbortController();
  const options = {
    mode: { kind: "batched", size: 2 },
    timeoutMs: 1000,
    now,
    signal: stop.signal,
    ask: () => new Promise<string>(() => undefined),
  } as const;
  const work = fanOut(targets(4), options);
  await vi.advanceTimersByTimeAsync(10);
  stop.abort();
  for (const outcome of [...(await work), ...(await fanOut(targets(2), options))]) {
    expect(outcome).toMatchObject({ ok: false, error: { code: "E_INTERRUPTED" } });
  }
});

test("outcomes keep the order of the targets, progress counts up, errors keep their code", async () => {
  const heard: string[] = [];
  const work = fanOut(targets(3), {
    mode: { kind: "parallel" },
    timeoutMs: 1000,
    now,
    onOutcome: ({ id }, done) => heard.push(`${done} ${id}`),
    ask: async ({ id }) => {
      await new Promise((resolve) => setTimeout(resolve, id === "w0" ? 300 : 10));
      if (id === "w2") throw new ParleyError("E_TOOL_FAILED", "no");
      return id;
    },
  });
  await vi.advanceTimersByTimeAsync(400);
  expect((await work).map(({ id }) => id)).toEqual(["w0", "w1", "w2"]);
  expect((await work)[2]).toMatchObject({ ok: false, error: { code: "E_TOOL_FAILED" } });
  expect(heard).toEqual(["1 w1", "2 w2", "3 w0"]);
});

test("nobody to ask is an empty answer", async () => {
  const options = { mode: { kind: "parallel" }, timeoutMs: 1, now, ask: () => Promise.resolve(1) } as const;
  expect(await fanOut([], options)).toEqual([]);
});
