import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ParleyError } from "@parley/core";
import { createScriptedModel } from "@parley/llm";
import {
  OrchestratorBuilder,
  createBreaker,
  createCommandExecutor,
  createCommandVerifier,
  createModelExecutor,
  createModelVerifier,
  createOrchestrator,
  createRegexVerifier,
  defineExecutor,
  defineVerifier,
  queues,
} from "@parley/orchestrator";
import type { Executor, RunReport, TaskSpec, Verifier } from "@parley/orchestrator";
import { accept } from "@parley/queue";
import type { Queue } from "@parley/queue";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { openQueue, scratch, sqliteMissing } from "./_desk.ts";

const missing = await sqliteMissing();

const submit = async (queue: Queue, spec: Partial<TaskSpec>, more: object = {}): Promise<string> => {
  const payload = { description: "x", verify: [], ...spec };
  return accept(await queue.submit({ queue: queues.automatic, payload, ...more })).id;
};

/** An executor that does what a test tells it to. */
const hand = (execute: Executor["execute"]): Executor =>
  defineExecutor({
    type: "hand",
    description: "By hand.",
    input: z.object({ say: z.string().default("") }),
    execute: ({ say }, attempt) => execute({ type: "hand", say }, attempt),
  });
const says = hand(async ({ say }) => ({ ok: true, output: say }));

const checker = (verify: Verifier["verify"]): Verifier =>
  defineVerifier({
    type: "checker",
    description: "By hand.",
    input: z.object({}),
    verify: (_args, subject) => verify({ type: "checker" }, subject),
  });

describe.skipIf(missing !== undefined)(`[ORC-10] a run ${missing ?? ""}`, () => {
  it("does what there is and says what it did", async () => {
    const queue = await openQueue();
    const ids = [
      await submit(queue, { execute: { type: "hand", say: "one" } }),
      await submit(queue, { execute: { type: "hand", say: "two" } }),
    ];
    const left = accept(await queue.submit({ payload: { description: "for a client", verify: [] } })).id;
    const seen: number[] = [];
    const orchestrator = createOrchestrator({ store: queue, executors: [says] });
    const report = await orchestrator.run({
      concurrency: 2,
      onProgress: ({ processed }) => void seen.push(processed),
    });
    expect(report).toMatchObject({ processed: 2, completed: 2, failed: 0, attempts: 2, stopped: "drained" });
    expect(seen.at(-1)).toBe(2);
    expect((await queue.get(ids[0] ?? ""))?.result).toEqual({ output: "one", verdicts: [] });
    expect((await queue.get(left))?.state).toBe("pending");
  });

  it("goes no further than it may, and leaves the rest as it was", async () => {
    const queue = await openQueue();
    for (let n = 0; n < 5; n += 1) await submit(queue, { execute: { type: "hand" } });
    const orchestrator = createOrchestrator({ store: queue, executors: [says] });
    expect(await orchestrator.run({ maxTasks: 2 })).toMatchObject({ processed: 2, stopped: "max_tasks" });
    const limited = await orchestrator.run({ limits: { maxIterations: 1 } });
    expect(limited).toMatchObject({ processed: 1, stopped: "tripped", trip: { reason: "iterations" } });
    expect((await queue.list({ states: ["pending"] })).tasks).toHaveLength(2);
  });

  it("gives attempts back when it is interrupted", async () => {
    const queue = await openQueue();
    const id = await submit(queue, { execute: { type: "hand" } });
    const leaving = new AbortController();
    const waits = hand(async (_action, { signal }) => {
      leaving.abort();
      await sleep(60_000, undefined, { signal });
      return { ok: true, output: "late" };
    });
    const orchestrator = createOrchestrator({ store: queue, executors: [waits] });
    expect(await orchestrator.run({ signal: leaving.signal })).toMatchObject({
      stopped: "interrupted",
      completed: 0,
    });
    expect(await queue.get(id)).toMatchObject({ state: "pending", failures: 0 });
  });

  it("stops a cancelled attempt, and uses nothing of one whose lease was taken", async () => {
    const queue = await openQueue();
    const ids = [
      await submit(queue, { execute: { type: "hand" } }),
      await submit(queue, { execute: { type: "hand" } }),
    ];
    const steer: Executor["execute"] = async (_action, { id, signal }) => {
      if (id === ids[0]) await queue.cancel(id);
      else await queue.revoke(id);
      await sleep(60_000, undefined, { signal });
      return { ok: true, output: "too late" };
    };
    const orchestrator = createOrchestrator({ store: queue, executors: [hand(steer)], leaseMs: 60 });
    await orchestrator.run({ maxTasks: 2 });
    expect(await Promise.all(ids.map(async (id) => (await queue.get(id))?.state))).toEqual([
      "cancelled",
      "pending",
    ]);
  });

  it("keeps the key of side effects over attempts, and hands feedback on", async () => {
    const queue = await openQueue();
    const id = await submit(queue, { execute: { type: "hand" } });
    const seen: (readonly string[])[] = [];
    const learns = hand(async (_action, { idempotencyKey, feedback, number }) => {
      expect(idempotencyKey).toBe(id);
      seen.push(feedback);
      if (number < 3) throw new Error(`attempt ${number} broke`);
      return { ok: true, output: "done" };
    });
    const verifiers = [checker(async () => ({ verdict: "pass" }))];
    const report = await createOrchestrator({ store: queue, executors: [learns], verifiers }).run();
    expect(report).toMatchObject({ processed: 1, attempts: 3, completed: 1 });
    expect((await queue.get(id))?.failures).toBe(2);
  });

  it("waits out a fault of the place without counting it against the task", async () => {
    const queue = await openQueue();
    const id = await submit(queue, { execute: { type: "hand" } });
    const locked = hand(async () => {
      throw new ParleyError("E_LLM_KEY", "The model needs a key: set THE_KEY.");
    });
    const report = await createOrchestrator({ store: queue, executors: [locked] }).run();
    expect(report).toMatchObject({ processed: 1, completed: 0, failed: 0, stopped: "drained" });
    expect(await queue.get(id)).toMatchObject({
      state: "retry_wait",
      failures: 0,
      error: { message: "The model needs a key: set THE_KEY." },
    });
  });

  it("says which executor is missing", async () => {
    const queue = await openQueue();
    const id = await submit(queue, { execute: { type: "magic" } });
    await createOrchestrator({ store: queue, executors: [says] }).run();
    expect((await queue.get(id))?.error?.message).toBe('There is no executor "magic" here.');
  });

  it("fails a result that is too large for the queue, with the reason", async () => {
    const queue = await openQueue();
    const id = await submit(queue, { execute: { type: "hand" } });
    const vast = hand(async () => ({ ok: true, output: "x".repeat(2 * 1024 * 1024) }));
    await createOrchestrator({ store: queue, executors: [vast] }).run();
    const task = await queue.get(id);
    expect(task?.state).toBe("failed");
    expect(task?.error?.message).toMatch(/^The result was not taken: \d+ bytes exceed/);
  });
});

describe.skipIf(missing !== undefined)(`[ORC-11] results are checked ${missing ?? ""}`, () => {
  const run = async (
    queue: Queue,
    parts: { executors: Executor[]; verifiers: Verifier[] },
  ): Promise<RunReport> => await createOrchestrator({ store: queue, ...parts }).run();

  it("and go back with what was wrong until they pass", async () => {
    const queue = await openQueue();
    const model = createScriptedModel(["roses are red", "7 red roses"]);
    const verify = [{ type: "regex", pattern: "^\\d" }];
    const id = await submit(queue, { description: "Count roses", execute: { type: "model" }, verify });
    const report = await run(queue, {
      executors: [createModelExecutor({ model })],
      verifiers: [createRegexVerifier()],
    });
    expect(report).toMatchObject({ attempts: 2, completed: 1 });
    expect(model.requests[1]?.messages[0]?.content).toContain("the pattern ^\\d is not in it");
    expect((await queue.get(id))?.result).toMatchObject({
      output: "7 red roses",
      by: "scripted",
      verdicts: [{ type: "regex", verdict: "pass" }],
    });
  });

  it("by another model than the one that made them", async () => {
    const queue = await openQueue();
    const maker = createScriptedModel(["draft", "better"], { id: "maker" });
    const judge = createScriptedModel(
      ['{"pass": false, "feedback": "too short"}', '{"pass": true, "feedback": ""}'],
      { id: "judge" },
    );
    const verify = [{ type: "model", criteria: "good" }];
    await submit(queue, { execute: { type: "model" }, verify });
    const parts = {
      executors: [createModelExecutor({ model: maker })],
      verifiers: [createModelVerifier({ model: judge })],
    };
    expect(await run(queue, parts)).toMatchObject({ attempts: 2, completed: 1 });
    expect(maker.requests[1]?.messages[0]?.content).toContain("- too short");
    const same = { ...parts, verifiers: [createModelVerifier({ model: maker })] };
    expect(() => createOrchestrator({ store: queue, ...same })).toThrow(
      'The verifier "model" would judge its own work (maker): give it another model.',
    );
  });

  it("and a check that breaks is no failure of the task: the result waits for a person", async () => {
    const queue = await openQueue();
    let made = 0;
    const makes = hand(async () => ({ ok: true, output: (made += 1) }));
    const tries = vi.fn<Verifier["verify"]>(async () => {
      throw new Error("the checker is broken");
    });
    const id = await submit(queue, { execute: { type: "hand" }, verify: [{ type: "checker" }] });
    const parts = { executors: [makes], verifiers: [checker(tries)] };
    expect(await run(queue, parts)).toMatchObject({ failed: 0, completed: 0, waiting: 1 });
    expect(tries).toHaveBeenCalledTimes(3);
    const task = await queue.get(id);
    expect(task).toMatchObject({ state: "input_required", failures: 0 });
    expect(task?.error?.message).toContain("(checker: the checker is broken)");
    await queue.provideInput(id, { accept: true });
    expect(await run(queue, parts)).toMatchObject({ completed: 1 });
    expect(made).toBe(1);
    expect((await queue.get(id))?.result).toMatchObject({
      output: 1,
      verdicts: [{ verdict: "inconclusive" }, { type: "person", verdict: "pass" }].slice(1),
    });
  });

  it("and one that was rejected by a person is made again", async () => {
    const queue = await openQueue();
    let made = 0;
    const makes = hand(async () => ({ ok: true, output: (made += 1) }));
    const fickle = checker(async (_action, { output }) =>
      output === 1 ? { verdict: "inconclusive", reason: "who knows" } : { verdict: "pass" },
    );
    const id = await submit(queue, { execute: { type: "hand" }, verify: [{ type: "checker" }] });
    const parts = { executors: [makes], verifiers: [fickle] };
    await run(queue, parts);
    await queue.provideInput(id, { accept: false });
    expect(await run(queue, parts)).toMatchObject({ completed: 1 });
    expect((await queue.get(id))?.result).toMatchObject({ output: 2 });
  });

  it("after a crash in the middle of checking, without being made again", async () => {
    const queue = await openQueue({ leaseMs: 1000 });
    let made = 0;
    const makes = hand(async () => ({ ok: true, output: (made += 1) }));
    const id = await submit(queue, { execute: { type: "hand" }, verify: [{ type: "checker" }] });
    const dies = checker(async () => {
      // What a killed process leaves behind: a lease that somebody else takes over.
      await queue.revoke(id);
      throw new Error("gone");
    });
    const first = createOrchestrator({ store: queue, executors: [makes], verifiers: [dies] });
    await first.run({ limits: { maxIterations: 1 } });
    expect((await queue.get(id))?.state).toBe("pending");
    const passes = checker(async () => ({ verdict: "pass" }));
    expect(await run(queue, { executors: [makes], verifiers: [passes] })).toMatchObject({ completed: 1 });
    expect(made).toBe(1);
  });
});

describe.skipIf(missing !== undefined)(`[ORC-12] programs ${missing ?? ""}`, () => {
  it("make and judge, and what a judge prints reaches the next attempt", async () => {
    const directory = await scratch();
    const maker = join(directory, "maker.mjs");
    const judge = join(directory, "judge.mjs");
    await writeFile(
      maker,
      `let text = ""; for await (const part of process.stdin) text += part;
       const { feedback, attempt } = JSON.parse(text); console.log(feedback.length === 0 ? "odd" : "even");`,
    );
    await writeFile(
      judge,
      `let text = ""; for await (const part of process.stdin) text += part;
       if (text === "even") process.exit(0); console.log("say even"); process.exit(1);`,
    );
    const queue = await openQueue();
    const allow = [process.execPath];
    const id = await submit(queue, {
      execute: { type: "command", argv: [process.execPath, maker] },
      verify: [{ type: "command", argv: [process.execPath, judge] }],
    });
    const orchestrator = createOrchestrator({
      store: queue,
      executors: [createCommandExecutor({ allow })],
      verifiers: [createCommandVerifier({ allow })],
    });
    expect(await orchestrator.run()).toMatchObject({ attempts: 2, completed: 1 });
    expect((await queue.get(id))?.notes).toEqual([{ kind: "feedback", value: "say even" }]);
    expect((await queue.get(id))?.result).toMatchObject({ output: "even" });
  });
});

describe.skipIf(missing !== undefined)(`[ORC-13] tripping loses nothing ${missing ?? ""}`, () => {
  it("stops a machine that has gone wrong, lets one attempt see, and goes on", async () => {
    const queue = await openQueue();
    let broken = true;
    let now = 0;
    const flaky = hand(async () => {
      if (broken) throw new Error("no disk at /dev/sda1");
      return { ok: true, output: "ok" };
    });
    for (let n = 0; n < 6; n += 1) await submit(queue, { execute: { type: "hand" } }, { maxAttempts: 100 });
    const safety = createBreaker({
      limits: { maxConsecutiveFailures: 3 },
      cooldownMs: 1000,
      clock: { now: () => now },
    });
    const orchestrator = new OrchestratorBuilder()
      .withTaskStore(queue)
      .withExecutor(flaky)
      .withSafety(safety)
      .build();
    const first = await orchestrator.run({ maxTasks: 100 });
    expect(first).toMatchObject({
      attempts: 3,
      failed: 0,
      stopped: "tripped",
      trip: { reason: "consecutive_failures" },
    });
    expect((await orchestrator.run()).attempts).toBe(0);
    now = 1000;
    expect(safety.status.state).toBe("half_open");
    expect(await orchestrator.run()).toMatchObject({ attempts: 1, stopped: "tripped" });
    now = 2000;
    broken = false;
    expect(await orchestrator.run({ maxTasks: 100 })).toMatchObject({ completed: 6, stopped: "drained" });
    expect(safety.status.state).toBe("closed");
    expect((await queue.check()).problems).toEqual([]);
  });

  it("needs a store and an executor", () => {
    expect(() => new OrchestratorBuilder().build()).toThrow(
      "An orchestrator needs withTaskStore(...) before build().",
    );
  });
});
