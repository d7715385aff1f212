import { ParleyError } from "@parley/core";
import type { Database, Json, Stored } from "@parley/databases";
import { z } from "zod";
import type { StoredTask, TaskStore } from "./store.ts";
import { TaskRecord } from "./task.ts";

/** Options of {@link createDatabaseTaskStore}. */
export interface DatabaseTaskStoreOptions {
  /** Begins the names of the two collections; default `mcp_tasks`. */
  readonly collection?: string | undefined;
}

const Alive = z.object({ untilMs: z.number() });

/**
 * Keeps tasks in a {@link Database}; as durable as that is, and shared by all processes that open it.
 * @throws `E_DATABASE_CORRUPT` from reads of a record that is no task, `E_DATABASE_*` of the driver
 */
export function createDatabaseTaskStore(
  database: Database,
  { collection = "mcp_tasks" }: DatabaseTaskStoreOptions = {},
): TaskStore {
  const runners = `${collection}_runners`;
  const write = async (task: TaskRecord, ifVersion: number): Promise<StoredTask | undefined> => {
    try {
      const { version } = await database.put(collection, task.taskId, task, { ifVersion });
      return { task, version };
    } catch (error) {
      if (ParleyError.isInstance(error) && error.code === "E_DATABASE_CONFLICT") return undefined;
      throw error;
    }
  };
  return {
    create: async (task) => (await write(task, 0)) !== undefined,
    async read(taskId) {
      const stored = await database.get(collection, taskId);
      return stored === undefined ? undefined : readTask(stored);
    },
    replace: (task, version) => write(task, version),
    async remove(taskId) {
      await database.delete(collection, taskId);
    },
    page: async (after, limit) => (await database.list(collection, { after, limit })).map(readTask),
    async beat(runner, untilMs) {
      if (untilMs === 0) await database.delete(runners, runner);
      else await database.put(runners, runner, { untilMs });
    },
    async aliveUntil(runner) {
      const stored = await database.get(runners, runner);
      return Alive.safeParse(stored?.value).data?.untilMs ?? 0;
    },
  };
}

function readTask({ id, value, version }: Stored<Json>): StoredTask {
  const parsed = TaskRecord.safeParse(value);
  if (parsed.success) return { task: parsed.data, version };
  const at = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new ParleyError("E_DATABASE_CORRUPT", `The stored task ${id} cannot be read: see its field "${at}".`);
}
