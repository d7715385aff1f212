import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { eras, legacy, modern, speak, sqliteMissing, startDesk } from "./_desk.ts";

const missing = await sqliteMissing();

describe.skipIf(missing !== undefined)(`[ORC-24] claims ${missing ?? ""}`, () => {
  it("gives no task to two clients, of whatever era", async () => {
    const { url } = await startDesk();
    const clients = await Promise.all([...eras, ...eras].map((era) => speak(era, url)));
    const descriptions = Array.from({ length: 100 }, (_, n) => `task ${n}`);
    await clients[0]?.call("add_tasks_batch", { descriptions });
    const taken: string[] = [];
    await Promise.all(
      clients.map(async (client) => {
        for (;;) {
          const { task } = (await client.call("get_next_task")).value;
          if (task === null) return;
          taken.push(task.id);
        }
      }),
    );
    expect(taken).toHaveLength(100);
    expect(new Set(taken).size).toBe(100);
  });

  it("waits for a task when asked to", async () => {
    const { url } = await startDesk();
    const client = await speak("2026", url);
    const waiting = client.call("get_next_task", { wait_seconds: 10 });
    await sleep(50);
    const { id } = (await client.call("add_task", { description: "late" })).value;
    expect((await waiting).value.task.id).toBe(id);
  });

  it("refuses a lease that is over, a second end, and a token that was made up", async () => {
    const { url, queue } = await startDesk();
    const client = await speak("2026", url);
    const { id } = (await client.call("add_task", { description: "x" })).value;
    const first = (await client.call("get_next_task", { lease_seconds: 1, worker: "slow" })).value.task;
    await vi.waitFor(async () => expect((await queue.get(id))?.state).toBe("pending"), { timeout: 5000 });
    const second = (await client.call("get_next_task", { worker: "fast" })).value.task;
    expect(second).toMatchObject({ id, attempts: 2 });
    const late = await client.call("complete_task", {
      task_id: id,
      result: 1,
      lease_token: first.lease_token,
    });
    expect(late).toMatchObject({ isError: true, code: "stale_lease" });
    expect(late.text).toBe(
      `The lease on ${id} is over (attempt 2 holds it): stop, and do not use what this attempt made.`,
    );
    const forged = await client.call("complete_task", { task_id: id, result: 1, lease_token: "made up" });
    expect(forged.code).toBe("stale_lease");
    const end = { task_id: id, result: 2, lease_token: second.lease_token };
    expect((await client.call("complete_task", end)).value).toMatchObject({ status: "completed" });
    expect((await client.call("complete_task", { ...end, result: 3 })).value).toMatchObject({
      repeated: true,
    });
    expect(await client.read(`task://${id}`)).toMatchObject({ result: 2, attempts: 2 });
  });

  it("lets a lasting connection leave its tokens out, and nobody else", async () => {
    const { url } = await startDesk();
    const session = await speak("2025", url);
    const { id } = (await session.call("add_task", { description: "x" })).value;
    await session.call("start_task", { task_id: id });
    const other = await (await speak("2025", url)).call("complete_task", { task_id: id, result: "r" });
    expect(other).toMatchObject({ isError: true, code: "E_ARGUMENT_INVALID" });
    expect(other.text).toContain("send its lease_token");
    const stateless = await (await speak("2026", url)).call("complete_task", { task_id: id, result: "r" });
    expect(stateless.code).toBe("E_ARGUMENT_INVALID");
    expect((await session.call("complete_task", { task_id: id, result: "r" })).value.status).toBe(
      "completed",
    );
  });

  it("renews by heartbeat, tells of progress, and asks a worker to stop", async () => {
    const { url } = await startDesk();
    const client = await speak("2026", url);
    const { id } = (await client.call("add_task", { description: "x" })).value;
    const { lease_token: token } = (await client.call("get_next_task")).value.task;
    const beat = { task_id: id, lease_token: token };
    expect(
      (await client.call("heartbeat_task", { ...beat, progress: { done: 3, total: 10 } })).value,
    ).toMatchObject({
      status: "in_progress",
      cancel_requested: false,
    });
    expect(await client.read("task://current")).toMatchObject({ id, progress: { done: 3, total: 10 } });
    expect((await client.call("stop_task", { task_id: id })).value.cancel_requested).toBe(true);
    expect((await client.call("heartbeat_task", beat)).value.cancel_requested).toBe(true);
    expect((await client.call("release_task", beat)).value.status).toBe("cancelled");
    expect((await client.call("complete_task", { ...beat, result: 1 })).code).toBe("stale_lease");
    expect((await client.call("stop_task", { task_id: id })).value).toMatchObject({ status: "cancelled" });
  });
});

describe.skipIf(missing !== undefined)(`[ORC-25] bad input ${missing ?? ""}`, () => {
  it("is refused with what is wrong and changes nothing", async () => {
    const { url } = await startDesk();
    const client = await speak("2026", url);
    const cycle = [
      { description: "a", ref: "a", depends_on: ["b"] },
      { description: "b", ref: "b", depends_on: ["a"] },
    ];
    expect((await client.call("add_tasks_batch", { tasks: cycle })).code).toBe("dependency_cycle");
    expect((await client.call("add_task", { description: "x", depends_on: ["task_1_no"] })).code).toBe(
      "dependency_unknown",
    );
    const large = await client.call("add_task", { description: "x", input: "y".repeat(2 * 1024 * 1024) });
    expect(large.code).toBe("payload_too_large");
    expect(large.text).toMatch(/^The payload was not taken: \d+ bytes exceed the limit of 1048576: /);
    expect((await client.call("add_tasks_batch")).text).toContain("takes 1 to 1000 tasks");
    expect((await client.call("add_task", { description: "x", priority: 11 })).code).toBe(
      "E_ARGUMENT_INVALID",
    );
    expect((await client.call("add_task", { description: "" })).code).toBe("E_ARGUMENT_INVALID");
    const unknown = await client.call("add_task", { description: "x", execute: { type: "magic" } });
    expect(unknown.text).toBe('There is no executor "magic" here; there is command.');
    const program = await client.call("add_task", {
      description: "x",
      execute: { type: "command", argv: ["rm"] },
    });
    expect(program.text).toBe('The program "rm" is not allowed; none is. Start with --allow PROGRAM.');
    expect((await client.call("start_task", { task_id: "task_1_no" })).text).toBe(
      "Task not found: task_1_no",
    );
    expect((await client.call("retry_task", { task_id: "nothing" })).code).toBe("unknown_task");
    expect((await client.call("stop_task", { task_id: "nothing" })).code).toBe("unknown_task");
    expect((await client.call("show_task", { task_id: "nothing" })).text).toBe("Task not found: nothing");
    expect(await client.read("task://queue")).toEqual([]);
  });

  it("takes no result that is too large, and keeps the lease for a smaller one", async () => {
    const { url } = await startDesk();
    const client = await speak("2026", url);
    const { id } = (await client.call("add_task", { description: "x" })).value;
    const { lease_token: token } = (await client.call("get_next_task")).value.task;
    const end = { task_id: id, lease_token: token };
    const large = await client.call("complete_task", { ...end, result: "y".repeat(2 * 1024 * 1024) });
    expect(large.code).toBe("payload_too_large");
    expect((await client.call("complete_task", { ...end, result: "y".repeat(5000) })).value.status).toBe(
      "completed",
    );
    const [line] = await client.read("task://completed");
    expect(line).toMatchObject({ result_truncated: true, result_characters: 5000, resource: `task://${id}` });
    expect((await client.read(`task://${id}`)).result).toHaveLength(5000);
    expect((await client.call("start_task", { task_id: id })).text).toBe(
      `The task ${id} cannot be started: it is completed.`,
    );
  });

  it("names one task by one idempotency key", async () => {
    const { url } = await startDesk();
    const client = await speak("2026", url);
    const task = { description: "x", idempotency_key: "k" };
    const [first, second] = [await client.call("add_task", task), await client.call("add_task", task)];
    expect(second.value).toEqual({ ...first.value, repeated: true });
    expect((await client.call("add_task", { ...task, description: "y" })).code).toBe("idempotency_conflict");
  });
});

describe.skipIf(missing !== undefined)(`[ORC-26] changes reach those who watch ${missing ?? ""}`, () => {
  it("of both eras", async () => {
    const { url } = await startDesk();
    const [seen, old] = [new Set<string>(), new Set<string>()];
    const watching = modern(url, { onNotification: ({ params }) => void seen.add(String(params?.["uri"])) });
    const client = await legacy(url);
    client.fallbackNotificationHandler = async ({ params }) => void old.add(String(params?.["uri"]));
    const worker = await speak("2026", url);
    const { id } = (await worker.call("add_task", { description: "x" })).value;
    for (const uri of ["task://queue", "task://current", "task://filter/in_progress", `task://${id}`]) {
      await watching.subscribeResource(uri);
      await client.subscribeResource({ uri });
    }
    await worker.call("start_task", { task_id: id });
    const all = ["task://current", "task://filter/in_progress", "task://queue", `task://${id}`].toSorted();
    await vi.waitFor(() => expect([...seen].toSorted()).toEqual(all), { timeout: 5000 });
    await vi.waitFor(() => expect([...old].toSorted()).toEqual(all), { timeout: 5000 });
  });
});
