import { describe, expect, it } from "vitest";
import { eras, speak, sqliteMissing, startDesk } from "./_desk.ts";

const missing = await sqliteMissing();

describe.skipIf(missing !== undefined).each(eras)(
  `[ORC-20] the lab with a client of %s ${missing ?? ""}`,
  (era) => {
    it("adds, claims and completes a task, and shows it on the way", async () => {
      const { url } = await startDesk();
      const client = await speak(era, url);
      const added = await client.call("add_task", { description: "Write a haiku about MCP" });
      const { id } = added.value;
      expect(added.text).toBe(`Created task: ${id}`);
      expect(added.value.status).toBe("pending");
      expect(await client.read("task://queue")).toMatchObject([
        { id, description: "Write a haiku about MCP", status: "pending", attempts: 0, priority: 5 },
      ]);
      expect(await client.read("task://current")).toBeNull();
      const next = await client.call("get_next_task");
      expect(next.value.task).toMatchObject({
        id,
        attempts: 1,
        max_attempts: 3,
        lease_token: expect.any(String),
      });
      expect(JSON.parse(next.text)).toMatchObject({ id, description: "Write a haiku about MCP" });
      expect(await client.read("task://current")).toMatchObject({ id, status: "in_progress" });
      const { lease_token: token } = next.value.task;
      const done = await client.call("complete_task", {
        task_id: id,
        result: "Old pond",
        lease_token: token,
      });
      expect(done).toMatchObject({
        isError: false,
        text: `Completed task: ${id}`,
        value: { status: "completed" },
      });
      expect(await client.read("task://completed")).toMatchObject([{ id, result: "Old pond" }]);
      expect(await client.read("task://stats")).toMatchObject({
        total: 1,
        pending: 0,
        completed: 1,
        failed: 0,
      });
      expect((await client.call("get_next_task")).text).toBe("No pending tasks");
    });

    it("starts, fails and retries with feedback until the attempts are used up", async () => {
      const { url } = await startDesk({ queue: { backoff: { baseMs: 60_000, capMs: 60_000 } } });
      const client = await speak(era, url);
      const { id } = (await client.call("add_task", { description: "x", max_attempts: 2 })).value;
      const started = await client.call("start_task", { task_id: id });
      expect(started.text).toBe(`Started task: ${id} (attempt 1)`);
      const failed = await client.call("fail_task", {
        task_id: id,
        reason: "no rhyme",
        lease_token: started.value.task.lease_token,
      });
      expect(failed.text).toBe(`Failed task: ${id} - no rhyme`);
      expect(failed.value).toMatchObject({ status: "retry_wait", will_retry: true });
      const retried = await client.call("retry_task", { task_id: id, feedback: "count syllables" });
      expect(retried.text).toBe(`Task ${id} queued for retry`);
      const again = (await client.call("get_next_task")).value.task;
      expect(again).toMatchObject({ attempts: 2, feedback: ["no rhyme", "count syllables"] });
      const given = await client.call("retry_task", { task_id: id, lease_token: again.lease_token });
      expect(given).toMatchObject({ text: `Task ${id} exceeded max attempts`, value: { status: "failed" } });
      const anew = await client.call("retry_task", { task_id: id, feedback: "start over" });
      expect(anew.value).toMatchObject({ status: "pending", again_after: id });
      expect((await client.call("get_next_task")).value.task).toMatchObject({
        id: anew.value.id,
        feedback: ["start over"],
      });
    });

    it("[ORC-21] plans before it clears or resets, and does nothing without a word", async () => {
      const { url } = await startDesk();
      const client = await speak(era, url);
      const { tasks } = (await client.call("add_tasks_batch", { descriptions: ["a", "b", "c"] })).value;
      const [first, second] = tasks;
      for (const { id } of [first, second]) {
        const { task } = (await client.call("start_task", { task_id: id })).value;
        await client.call("complete_task", { task_id: id, result: "r", lease_token: task.lease_token });
      }
      expect((await client.call("clear_completed")).value).toEqual({
        done: false,
        cleared: 0,
        ids: [first.id, second.id],
      });
      expect(await client.read("task://completed")).toHaveLength(2);
      expect((await client.call("reset_all_tasks")).value).toMatchObject({
        done: false,
        again: [first.id, second.id],
      });
      const reset = await client.call("reset_all_tasks", { confirm: true });
      expect(reset.text).toContain("All tasks reset to pending");
      expect(await client.read("task://pending")).toHaveLength(3);
      expect((await client.call("clear_completed", { confirm: true })).text).toBe(
        "Cleared 2 completed tasks",
      );
      expect(await client.read("task://queue")).toHaveLength(3);
    });

    it("[ORC-22] adds and completes in batches, each task with its own outcome", async () => {
      const { url } = await startDesk();
      const client = await speak(era, url);
      const added = await client.call("add_tasks_batch", {
        tasks: [
          { description: "base", ref: "base" },
          { description: "top", depends_on: ["base"] },
        ],
      });
      const [base, top] = added.value.tasks;
      expect(top.status).toBe("blocked");
      const { task } = (await client.call("start_task", { task_id: base.id })).value;
      const done = await client.call("complete_tasks_batch", {
        task_ids: [base.id, top.id, "task_1_none"],
        result: "same",
        lease_tokens: { [base.id]: task.lease_token, [top.id]: "made up", task_1_none: "made up" },
      });
      expect(done.text).toBe("Completed 1 of 3 tasks");
      expect(done.value.tasks).toMatchObject([
        { id: base.id, status: "completed" },
        { id: top.id, code: "stale_lease" },
        { id: "task_1_none", code: "unknown_task" },
      ]);
      expect(await client.read("task://filter/pending")).toMatchObject([{ id: top.id }]);
      const last = (await client.call("get_next_task")).value.task;
      const ends = { task_ids: [top.id, base.id], result: "same", atomic: true };
      const none = await client.call("complete_tasks_batch", {
        ...ends,
        lease_tokens: { [top.id]: last.lease_token, [base.id]: "made up" },
      });
      expect(none.value).toMatchObject({
        completed: 0,
        tasks: [{ code: "not_done" }, { code: "stale_lease" }],
      });
      const all = { [top.id]: last.lease_token, [base.id]: task.lease_token };
      expect(
        (await client.call("complete_tasks_batch", { ...ends, lease_tokens: all })).value.completed,
      ).toBe(2);
    });

    it("[ORC-23] shows every task by status, in pages whose next address is given", async () => {
      const { url } = await startDesk();
      const client = await speak(era, url);
      await client.call("add_tasks_batch", {
        descriptions: Array.from({ length: 5 }, (_, n) => `task ${n}`),
      });
      const [page, more] = await client.readParts("task://filter/pending?after=0&limit=2");
      expect(JSON.parse(page?.text ?? "")).toHaveLength(2);
      const { next } = JSON.parse(more?.text ?? "");
      expect(next).toBe(more?.uri);
      const [rest, end] = await client.readParts(next);
      expect(JSON.parse(rest?.text ?? "").map((one: { description: string }) => one.description)).toEqual([
        "task 2",
        "task 3",
      ]);
      expect(await client.read(JSON.parse(end?.text ?? "").next)).toHaveLength(1);
      expect(await client.read("task://queue?after=4&limit=10")).toHaveLength(1);
      expect(await client.read("task://queue?after=4")).toHaveLength(1);
      const [first] = await client.readParts("task://queue?limit=1");
      expect(JSON.parse(first?.text ?? "")).toHaveLength(1);
      const [turned] = await client.readParts("task://pending?limit=2&after=3");
      expect(JSON.parse(turned?.text ?? "")).toHaveLength(2);
      expect(await client.read("task://filter/in_progress")).toEqual([]);
      expect((await client.read("task://actions")).execute).toMatchObject([
        { type: "command", schema: { required: ["argv"] } },
      ]);
      await expect(client.read("task://filter/odd")).rejects.toThrow(
        /There is no status "odd"; there are scheduled,/,
      );
      await expect(client.read("task://task_1_none")).rejects.toThrow("Task not found: task_1_none");
    });
  },
);
