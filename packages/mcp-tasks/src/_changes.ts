import { ParleyError } from "@parley/core";
import type { Settings } from "./options.ts";
import { applyEvent, type TaskEvent } from "./states.ts";
import type { StoredTask } from "./store.ts";
import type { TaskRecord } from "./task.ts";

/** The one way a stored task changes. */
export interface Changes {
  /**
   * Applies the event that `choose` finds fit for the task as it is now, and again when somebody else wrote first.
   * @returns the task as written; `undefined` when there is no such task or nothing was to be done
   */
  apply(taskId: string, choose: (task: TaskRecord) => TaskEvent | undefined): Promise<TaskRecord | undefined>;
  /** Called after each change this process writes. */
  listen(listener: (stored: StoredTask) => void): () => void;
  /** Says that somebody else changed a task. */
  tell(stored: StoredTask): void;
  /** The next change of one task from now on, for who looks at the task first and waits then. */
  next(taskId: string, signal: AbortSignal | undefined): NextChange;
}

/** A change that may come. */
interface NextChange {
  /** Resolves at the change, at the signal, or after that time. */
  within(milliseconds: number): Promise<void>;
  stop(): void;
}

/** Each round one writer wins, so this many writers can meet at one task. */
const rounds = 100;

export function createChanges({ store, clock, retentionMs, onError }: Settings): Changes {
  const listeners = new Set<(stored: StoredTask) => void>();
  const tell = (stored: StoredTask): void => {
    for (const listener of listeners) {
      try {
        listener(stored);
      } catch (error) {
        onError(error);
      }
    }
  };
  const listen: Changes["listen"] = (listener) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  return {
    async apply(taskId, choose) {
      for (let round = 0; round < rounds; round += 1) {
        const found = await store.read(taskId);
        const event = found === undefined ? undefined : choose(found.task);
        if (found === undefined || event === undefined) return undefined;
        const next = applyEvent(found.task, event, { now: clock.now(), retentionMs });
        if (next === undefined) return undefined;
        const stored = await store.replace(next, found.version);
        if (stored === undefined) continue;
        tell(stored);
        return stored.task;
      }
      const message = `Task ${taskId} is written to by too many at once; try again.`;
      throw new ParleyError("E_DATABASE_CONFLICT", message);
    },
    listen,
    tell,
    next: (taskId, signal) => nextChange(listen, { taskId, signal }),
  };
}

function nextChange(
  listen: Changes["listen"],
  { taskId, signal }: { readonly taskId: string; readonly signal: AbortSignal | undefined },
): NextChange {
  const controller = new AbortController();
  const wake = (): void => controller.abort();
  const happened = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const stopListening = listen(({ task }) => {
    if (task.taskId === taskId) wake();
  });
  signal?.addEventListener("abort", wake, { once: true });
  let timer: NodeJS.Timeout | undefined;
  return {
    within(milliseconds) {
      timer = setTimeout(wake, milliseconds);
      return happened;
    },
    stop() {
      clearTimeout(timer);
      stopListening();
      signal?.removeEventListener("abort", wake);
    },
  };
}
