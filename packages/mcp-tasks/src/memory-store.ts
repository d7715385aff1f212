import type { StoredTask, TaskStore } from "./store.ts";
import type { TaskRecord } from "./task.ts";

/** Keeps tasks as long as the process lives; records are copied in and out. */
export function createMemoryTaskStore(): TaskStore {
  const tasks = new Map<string, StoredTask>();
  const runners = new Map<string, number>();
  const keep = (task: TaskRecord, version: number): StoredTask => {
    const stored = { task: structuredClone(task), version };
    tasks.set(task.taskId, stored);
    return structuredClone(stored);
  };
  return {
    async create(task) {
      if (tasks.has(task.taskId)) return false;
      keep(task, 1);
      return true;
    },
    async read(taskId) {
      return structuredClone(tasks.get(taskId));
    },
    async replace(task, version) {
      return tasks.get(task.taskId)?.version === version ? keep(task, version + 1) : undefined;
    },
    async remove(taskId) {
      tasks.delete(taskId);
    },
    async page(after = "", limit) {
      const ids = [...tasks.keys()].filter((id) => id > after).toSorted();
      return ids.slice(0, limit).flatMap((id) => structuredClone(tasks.get(id)) ?? []);
    },
    async beat(runner, untilMs) {
      if (untilMs === 0) runners.delete(runner);
      else runners.set(runner, untilMs);
    },
    async aliveUntil(runner) {
      return runners.get(runner) ?? 0;
    },
  };
}
