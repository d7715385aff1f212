import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { getDatabase } from "@parley/databases";
import { createDatabaseTaskStore, createTasks, type OrphanedTask, type Tasks } from "@parley/mcp-tasks";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { scratch, sqliteMissing } from "./_stores.ts";

const program = fileURLToPath(new URL("./_worker.ts", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(async () => await place.remove());

/** Starts tasks in a process of its own and kills it without warning once all were handed out. */
async function startAndKill(uri: string, count: number): Promise<string[]> {
  const flags = ["--conditions=@parley/source", "--import", "tsx", program, uri, String(count)];
  const child = spawn(process.execPath, flags, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const ids: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line);
    if (ids.length === count) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return ids;
}

async function open(uri: string, resume?: (task: OrphanedTask) => () => Promise<Record<string, unknown>>) {
  const database = await getDatabase(uri);
  const tasks = createTasks({ store: createDatabaseTaskStore(database), leaseMs: 1500, resume });
  onTestFinished(async () => {
    await tasks.close();
    await database.close();
  });
  return tasks;
}

async function statusOnce(tasks: Tasks, taskId: string, status: string) {
  for (;;) {
    const view = await tasks.get(taskId, "ann");
    if (view.status === status) return view;
    await sleep(100);
  }
}

/** How tasks look once the process that ran them was killed. */
async function afterKill(uri: string): Promise<unknown[]> {
  const ids = await startAndKill(uri, 5);
  const tasks = await open(uri);
  return await Promise.all(ids.map((taskId) => statusOnce(tasks, taskId, "failed")));
}

const lost = { error: { code: -32_603, data: { code: "E_TASK_LOST" } } };

const missing = await sqliteMissing();

describe("[TASK-02 TASK-07] after kill -9", () => {
  it("every handle that was given out is there, and fails clearly: JSON", async () => {
    expect(await afterKill(place.json)).toMatchObject(Array.from({ length: 5 }, () => lost));
  });

  it.skipIf(missing !== undefined)(`the same in SQLite ${missing ?? ""}`, async () => {
    expect(await afterKill(place.sqlite)).toMatchObject(Array.from({ length: 5 }, () => lost));
  });

  it("tasks go on where somebody knows how", async () => {
    const ids = await startAndKill(place.json, 2);
    const tasks = await open(place.json, ({ args }) => async () => ({ again: args?.["started"] }));
    for (const [index, taskId] of ids.entries()) {
      expect(await statusOnce(tasks, taskId, "completed")).toMatchObject({ result: { again: index } });
    }
  });
});
