import { setTimeout as sleep } from "node:timers/promises";
import { resultFromTaskOutcome } from "@modelcontextprotocol/ext-tasks/client";
import {
  createCommandVerifier,
  createRegexVerifier,
  defineExecutor,
  defineVerifier,
} from "@parley/orchestrator";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { extSession } from "./_ext-session.ts";
import { eras, speak, sqliteMissing, startDesk } from "./_desk.ts";

const missing = await sqliteMissing();

const slow = defineExecutor({
  type: "slow",
  description: "Takes its time.",
  input: z.object({ ms: z.number() }),
  async execute({ ms }, { signal }) {
    await sleep(ms, undefined, { signal });
    return { ok: true, output: "slept" };
  },
});

const nap = (ms: number) => ({ description: "nap", execute: { type: "slow", ms } });

describe.skipIf(missing !== undefined)(`[ORC-27] long runs ${missing ?? ""}`, () => {
  it("are driven to their end by the client of the Tasks extension", async () => {
    const { url } = await startDesk({ executors: [slow] });
    const client = await speak("2026", url);
    for (let n = 0; n < 3; n += 1) await client.call("add_task", nap(100));
    const session = await extSession(url);
    const execution = await session.callTool("run_orchestrator", { max_tasks: 5 });
    expect(execution.kind).toBe("task");
    const ended = resultFromTaskOutcome((await execution.settle()).outcome);
    expect(ended).toMatchObject({
      structuredContent: { processed: 3, completed: 3, failed: 0, stopped: "drained" },
    });
    expect(await client.read("task://completed")).toHaveLength(3);
  });

  it("end when their task is cancelled, and give back what they held", async () => {
    const { url, queue } = await startDesk({ executors: [slow] });
    const client = await speak("2026", url);
    const { id } = (await client.call("add_task", nap(60_000))).value;
    const session = await extSession(url);
    const execution = await session.callTool("run_orchestrator", {});
    if (execution.kind !== "task") throw new Error("no task");
    await vi.waitFor(async () => expect((await queue.get(id))?.state).toBe("running"));
    await execution.cancel();
    await vi.waitFor(async () => expect((await queue.get(id))?.state).toBe("pending"), { timeout: 5000 });
    expect((await queue.get(id))?.failures).toBe(0);
  });

  it.each(eras)("answer a client of %s with the lab's figures", async (era) => {
    const { url } = await startDesk({ executors: [slow] });
    const client = await speak(era, url);
    await client.call("add_task", nap(1));
    const { value } = await client.call("run_orchestrator");
    expect(value).toMatchObject({
      processed: 1,
      completed: 1,
      failed: 0,
      elapsed_seconds: expect.any(Number),
    });
    expect((await client.call("run_orchestrator", { max_tasks: 0 })).code).toBe("E_ARGUMENT_INVALID");
  });
});

describe.skipIf(missing !== undefined)(`[ORC-28] what clients make is checked too ${missing ?? ""}`, () => {
  const claimed = async (client: Awaited<ReturnType<typeof speak>>, verify: readonly object[]) => {
    const { id } = (await client.call("add_task", { description: "x", verify })).value;
    const { task } = (await client.call("start_task", { task_id: id })).value;
    return { task_id: id, lease_token: task.lease_token };
  };

  it("and goes back with feedback until it passes", async () => {
    const { url } = await startDesk({ verifiers: [createRegexVerifier()] });
    const client = await speak("2026", url);
    const lease = await claimed(client, [{ type: "regex", pattern: "^ok" }]);
    const refused = await client.call("complete_task", { ...lease, result: "no" });
    expect(refused.value).toMatchObject({
      status: "retry_wait",
      verdicts: [{ type: "regex", verdict: "fail" }],
    });
    expect(refused.text).toContain("The output does not pass: the pattern ^ok is not in it.");
    await client.call("retry_task", { task_id: lease.task_id });
    const { task } = (await client.call("get_next_task")).value;
    expect(task.feedback).toEqual(["The output does not pass: the pattern ^ok is not in it."]);
    const done = await client.call("complete_task", {
      task_id: task.id,
      result: "ok",
      lease_token: task.lease_token,
    });
    expect(done.value).toMatchObject({ status: "completed", verdicts: [{ verdict: "pass" }] });
  });

  it("and what cannot be checked waits for an answer", async () => {
    const breaks = defineVerifier({
      type: "breaks",
      description: "Breaks.",
      input: z.object({}),
      verify: async () => await Promise.reject(new Error("no checker here")),
    });
    const { url } = await startDesk({ verifiers: [breaks, createCommandVerifier({ allow: [] })] });
    const client = await speak("2026", url);
    const lease = await claimed(client, [{ type: "breaks" }]);
    const open = await client.call("complete_task", { ...lease, result: "made" });
    expect(open.value).toMatchObject({ status: "input_required", feedback: "breaks: no checker here" });
    const shown = await client.read(`task://${lease.task_id}`);
    expect(shown.question).toContain("accept or reject it");
    const answered = await client.call("answer_task", { task_id: lease.task_id, answer: { accept: true } });
    expect(answered.value.status).toBe("completed");
    expect(await client.read(`task://${lease.task_id}`)).toMatchObject({
      result: "made",
      verdicts: [{ type: "person", verdict: "pass" }],
    });
    expect((await client.call("answer_task", { task_id: lease.task_id, answer: 1 })).code).toBe(
      "wrong_state",
    );
  });
});
