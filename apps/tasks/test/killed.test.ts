import { join } from "node:path";
import { createQueue } from "@parley/queue";
import { describe, expect, it } from "vitest";
import { connect, kill, scratch, serve, sqliteMissing } from "./_process.ts";

const missing = await sqliteMissing();

/** A client that goes on through crashes of its server: a call that was cut is made again. */
function patient(address: { url: string }) {
  let { url } = address;
  let client = connect(url);
  return async (name: string, args: object): Promise<{ value?: unknown; refused?: string }> => {
    for (;;) {
      if (url !== address.url) {
        ({ url } = address);
        client = connect(url);
      }
      try {
        return { value: await client.call(name, { ...args }) };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (/is over|not found|was not claimed/.test(message)) return { refused: message };
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
}

describe.skipIf(missing !== undefined)(`[ORC-31] parley-tasks killed in the middle ${missing ?? ""}`, () => {
  it("loses no task and takes no result of a superseded attempt", { timeout: 240_000 }, async () => {
    const file = join(await scratch(), "tasks.db");
    const flags = ["--tasks", file];
    let server = await serve(flags);
    const address = { url: server.url };
    const add = patient(address);
    const added: string[] = [];
    for (let n = 0; n < 60; n += 1) {
      const { value } = await add("add_task", { description: `task ${n}`, idempotency_key: `k${n}` });
      added.push((value as { id: string }).id);
    }
    const results = new Map<string, string[]>();
    const work = async (worker: string): Promise<void> => {
      const call = patient(address);
      for (let idle = 0; idle < 4;) {
        const { value } = await call("get_next_task", { worker, lease_seconds: 1 });
        const { task } = value as { task: { id: string; lease_token: string; attempts: number } | null };
        if (task === null) {
          idle += 1;
          await new Promise((resolve) => setTimeout(resolve, 500));
          continue;
        }
        idle = 0;
        const { id, lease_token, attempts } = task;
        const result = `${worker}/${attempts}`;
        const { refused } = await call("complete_task", { task_id: id, lease_token, result });
        if (refused === undefined) results.set(id, [...(results.get(id) ?? []), result]);
      }
    };
    const workers = Promise.all(["a", "b", "c"].map(work));
    for (let blow = 0; blow < 3; blow += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await kill(server.child);
      server = await serve(flags);
      address.url = server.url;
    }
    await workers;
    await kill(server.child);
    const queue = await createQueue({ path: file });
    const { tasks } = await queue.list({ limit: 1000 });
    const report = await queue.check();
    await queue.close();
    expect(report.problems).toEqual([]);
    expect(tasks.map(({ id }) => id).toSorted()).toEqual(added.toSorted());
    expect(tasks.filter(({ state }) => state !== "completed")).toEqual([]);
    for (const { id, result, worker, attempt } of tasks) {
      expect(result).toMatchObject({ output: `${worker}/${attempt}` });
      // What a worker was told was taken is what is there; a call whose answer was cut may have been taken untold.
      for (const told of results.get(id) ?? []) expect(result).toMatchObject({ output: told });
    }
  });
});
