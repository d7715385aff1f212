import { setTimeout as sleep } from "node:timers/promises";
import { array, assert, constantFrom, double, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { BusyPoll, createBusyPoll } from "../src/watch/busy-poll.ts";
import { entry, start, text, tool, upstream } from "./_gateway.ts";

/** A loop whose turns and whose time are made by hand. */
function fakeLoop() {
  const held: { nowMs: number; next: (() => void) | undefined } = { nowMs: 0, next: undefined };
  return {
    loop: {
      now: () => held.nowMs,
      next: (work: () => void) => {
        expect(held.next).toBeUndefined();
        held.next = work;
      },
    },
    /** Whether it would go on without sleeping. */
    isAwake: () => held.next !== undefined,
    /** Time passes, with a turn every 0.1 ms as long as the loop is awake. */
    pass: (ms: number): void => {
      const end = held.nowMs + ms;
      while (held.next !== undefined && held.nowMs < end) {
        held.nowMs = Math.min(end, held.nowMs + 0.1);
        const work = held.next;
        held.next = undefined;
        work();
      }
      held.nowMs = end;
    },
  };
}

function quickCalls(poll: BusyPoll, { pass }: ReturnType<typeof fakeLoop>, count: number): void {
  for (let call = 0; call < count; call += 1) {
    poll.begin();
    pass(0.2);
    poll.end();
    pass(0.3);
  }
}

describe("BusyPoll", () => {
  test("stays awake for an answer and for the next call once both have come soon", () => {
    const turns = fakeLoop();
    const poll = new BusyPoll({ windowMs: 1, maxRunning: 1, loop: turns.loop });
    quickCalls(poll, turns, 4);
    expect(turns.isAwake()).toBe(false);
    quickCalls(poll, turns, 6);
    expect(turns.isAwake()).toBe(true);
    poll.begin();
    expect(turns.isAwake()).toBe(true);
  });

  test("sleeps after its window, and does not wait awake again for what was late", () => {
    const turns = fakeLoop();
    const poll = new BusyPoll({ windowMs: 1, maxRunning: 1, loop: turns.loop });
    quickCalls(poll, turns, 20);
    turns.pass(0.6);
    expect(turns.isAwake()).toBe(true);
    turns.pass(0.5);
    expect(turns.isAwake()).toBe(false);
    // The caller took its time; the server still answers soon.
    poll.begin();
    expect(turns.isAwake()).toBe(true);
    turns.pass(0.2);
    poll.end();
    turns.pass(0.2);
    expect(turns.isAwake()).toBe(false);
  });

  test("leaves a server that is slow alone", () => {
    const turns = fakeLoop();
    const poll = new BusyPoll({ windowMs: 1, maxRunning: 1, loop: turns.loop });
    quickCalls(poll, turns, 20);
    for (let call = 0; call < 3; call += 1) {
      poll.begin();
      turns.pass(50);
      poll.end();
      turns.pass(0.3);
    }
    poll.begin();
    turns.pass(0.2);
    expect(turns.isAwake()).toBe(false);
  });

  test("leaves the processors to others while more calls run than it may look after", () => {
    const turns = fakeLoop();
    const poll = new BusyPoll({ windowMs: 1, maxRunning: 1, loop: turns.loop });
    quickCalls(poll, turns, 20);
    poll.begin();
    poll.begin();
    turns.pass(0.2);
    expect(turns.isAwake()).toBe(false);
    poll.end();
    poll.end();
    turns.pass(0.2);
    expect(turns.isAwake()).toBe(false);
    quickCalls(poll, turns, 10);
    expect(turns.isAwake()).toBe(true);
  });

  test("does nothing with a window of 0", () => {
    const turns = fakeLoop();
    const poll = new BusyPoll({ windowMs: 0, maxRunning: 8, loop: turns.loop });
    for (let call = 0; call < 30; call += 1) {
      poll.begin();
      poll.end();
      expect(turns.isAwake()).toBe(false);
    }
  });

  test("never stays awake longer than its window after the last that happened, whatever happens", () => {
    const act = record({
      what: constantFrom("begin", "end"),
      afterMs: double({ min: 0, max: 5, noNaN: true }),
    });
    assert(
      property(array(act, { maxLength: 60 }), (acts) => {
        const turns = fakeLoop();
        const poll = new BusyPoll({ windowMs: 1, maxRunning: 2, loop: turns.loop });
        let running = 0;
        for (const { what, afterMs } of acts) {
          if (what === "begin") poll.begin();
          else if (running > 0) poll.end();
          running = Math.max(0, running + (what === "begin" ? 1 : -1));
          turns.pass(afterMs);
          if (afterMs > 1.2) expect(turns.isAwake()).toBe(false);
        }
      }),
    );
  });
});

/** How busy the loop is in the twentieth of a second after some calls, from 0 to 1. */
async function busyAfterCalls(busyPollMs: number): Promise<number> {
  const { registry, url } = await upstream();
  registry.addTool(tool("hi", text("hi")));
  registry.addTool({ ...tool("slow", text("late")), call: () => sleep(2000, text("late")) });
  const servers = [entry("up", { type: "http", url })];
  const { gateway } = await start({ servers }, { busyPollMs });
  // One that fails is over too.
  await expect(gateway.call({ server: "up", tool: "slow", timeoutMs: 20 })).rejects.toMatchObject({
    code: "E_MCP_TIMEOUT",
  });
  for (let call = 0; call < 20; call += 1) await gateway.call({ server: "up", tool: "hi" });
  const before = performance.eventLoopUtilization();
  await sleep(50);
  return performance.eventLoopUtilization(before).utilization;
}

// First, since the loop is shared with what the next one leaves awake.
test("a gateway that is told not to sleeps", async () => {
  expect(await busyAfterCalls(0)).toBeLessThan(0.6);
});

test("a gateway stays awake after calls that came one after the other, for as long as it is told", async () => {
  expect(await busyAfterCalls(2000)).toBeGreaterThan(0.9);
});

test("by itself it sleeps where there is one processor", () => {
  expect(createBusyPoll(undefined, 1).windowMs).toBe(0);
  expect(createBusyPoll(undefined, 2).windowMs).toBe(1);
  expect(createBusyPoll(5, 1).windowMs).toBe(5);
});
