import { ParleyError } from "@parley/core";
import type { Changes } from "./_changes.ts";
import type { Heartbeat } from "./_heartbeat.ts";
import { failEvent } from "./_outcome.ts";
import type { Runs } from "./_runs.ts";
import type { Settings, TaskWork } from "./options.ts";
import { expiryOf, isFinal, type TaskRecord } from "./task.ts";

/** Decides which tasks may begin, and what becomes of those that are late or alone. */
export interface Keeper {
  /**
   * Takes a place for a new task of that owner.
   * @returns what gives back the place among the starting ones
   * @throws `E_TASK_LIMIT`
   */
  admit(owner: string): Promise<() => void>;
  /** Gives back the owner's place of a task that was not created. */
  dismiss(owner: string): void;
  /** The task, brought up to date: expired, lost or resumed if need be. */
  find(taskId: string): Promise<TaskRecord | undefined>;
  sweep(): Promise<void>;
  stop(): void;
}

interface KeeperParts {
  readonly settings: Settings;
  readonly changes: Changes;
  readonly runs: Runs;
  readonly heart: Heartbeat;
  readonly runner: string;
}

const pageSize = 100;

export function createKeeper({ settings, changes, runs, heart, runner }: KeeperParts): Keeper {
  const { store, clock, maxPerOwner, maxRunning, onError } = settings;
  let owned = new Map<string, number>();
  let starting = 0;
  let first: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const count = (owner: string, by: number): void => {
    owned.set(owner, Math.max(0, (owned.get(owner) ?? 0) + by));
  };

  const settle = async (task: TaskRecord): Promise<TaskRecord | undefined> => {
    if (clock.now() >= expiryOf(task)) return await expire(task);
    if (isFinal(task.status) || runs.has(task.taskId)) return task;
    // A task of this process without a run ended, and its end could not be stored.
    if (task.runner === runner) return await fail(task, "E_TASK_LOST", unstoredMessage);
    if (clock.now() < (await store.aliveUntil(task.runner))) return task;
    return await adopt(task);
  };

  const expire = async (task: TaskRecord): Promise<TaskRecord | undefined> => {
    if (!isFinal(task.status)) return await fail(task, "E_TASK_EXPIRED", expiredMessage(task));
    await store.remove(task.taskId);
    count(task.owner, -1);
    return undefined;
  };

  /** Goes on with a task whose process has gone, where somebody knows how. */
  const adopt = async (task: TaskRecord): Promise<TaskRecord | undefined> => {
    const work = settings.resume(task);
    if (work === undefined) return await fail(task, "E_TASK_LOST", lostMessage);
    return await resume(task, work);
  };

  const resume = async (task: TaskRecord, work: TaskWork): Promise<TaskRecord | undefined> => {
    await heart.beat();
    const claimed = await changes.apply(task.taskId, (current) =>
      current.runner === task.runner ? { kind: "claim", runner } : undefined,
    );
    if (claimed === undefined) return (await store.read(task.taskId))?.task;
    await runs.launch(task.taskId, work, Promise.resolve(true));
    heart.start();
    return claimed;
  };

  const fail = async (
    task: TaskRecord,
    code: "E_TASK_LOST" | "E_TASK_EXPIRED",
    message: string,
  ): Promise<TaskRecord | undefined> => {
    const event = failEvent(new ParleyError(code, message));
    const failed = await changes.apply(task.taskId, (current) =>
      current.runner === task.runner ? event : undefined,
    );
    return failed ?? (await store.read(task.taskId))?.task;
  };

  const sweep = async (): Promise<void> => {
    const seen = new Map<string, number>();
    const silent = new Set<string>();
    let after: string | undefined;
    for (;;) {
      const page = await store.page(after, pageSize);
      for (const { task } of page) {
        const kept = await settle(task);
        if (kept !== undefined) seen.set(kept.owner, (seen.get(kept.owner) ?? 0) + 1);
        if (kept !== undefined && kept.runner !== runner) silent.add(kept.runner);
      }
      after = page.at(-1)?.task.taskId;
      if (page.length < pageSize) break;
    }
    owned = seen;
    for (const other of silent) {
      const until = await store.aliveUntil(other);
      if (until > 0 && until <= clock.now()) await store.beat(other, 0);
    }
  };

  const prepare = (): Promise<void> => {
    timer ??= setInterval(() => void sweep().catch(onError), settings.sweepMs).unref();
    first ??= sweep().catch((error: unknown) => {
      first = undefined;
      throw error;
    });
    return first;
  };

  return {
    async admit(owner) {
      await prepare();
      if (runs.size + starting >= maxRunning) {
        throw new ParleyError(
          "E_TASK_LIMIT",
          `${maxRunning} tasks run already; try again when one has ended.`,
        );
      }
      if ((owned.get(owner) ?? 0) >= maxPerOwner) {
        const message = `"${owner}" holds ${maxPerOwner} tasks already; the oldest go when their time to live is over.`;
        throw new ParleyError("E_TASK_LIMIT", message);
      }
      starting += 1;
      count(owner, 1);
      return () => {
        starting -= 1;
      };
    },
    dismiss: (owner) => count(owner, -1),
    async find(taskId) {
      const stored = await store.read(taskId);
      return stored === undefined ? undefined : await settle(stored.task);
    },
    async sweep() {
      await (first === undefined ? prepare() : sweep());
    },
    stop() {
      clearInterval(timer);
    },
  };
}

const unstoredMessage = "The task ended, but its result could not be stored; start the task again.";
const lostMessage = "The process that ran this task has gone before it ended; start the task again.";

function expiredMessage({ ttlMs }: TaskRecord): string {
  return `The task had not ended within its time to live of ${ttlMs} ms and was stopped.`;
}
