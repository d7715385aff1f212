import { ParleyError } from "@parley/core";
import type { Changes } from "./_changes.ts";
import type { Settings } from "./options.ts";
import { freshKeys } from "./states.ts";
import type { InputRequest, JsonObject } from "./task.ts";

const maxQuestions = 100;
/** A task that another process answered is seen by the heartbeat; this is for a store that lost a beat. */
const lookAgainMs = 60_000;

/** Who asks. */
export interface Asker {
  readonly settings: Settings;
  readonly changes: Changes;
  readonly runner: string;
  readonly taskId: string;
  readonly signal: AbortSignal;
}

/** Asks the client of a task and waits for all answers. */
export async function ask(
  { settings, changes, runner, taskId, signal }: Asker,
  requests: Readonly<Record<string, InputRequest>>,
): Promise<Readonly<Record<string, JsonObject>>> {
  const wished = Object.keys(requests);
  let keys: ReadonlyMap<string, string> = new Map();
  await changes.apply(taskId, (task) => {
    if (task.runner !== runner) return undefined;
    if (task.usedKeys.length + wished.length > maxQuestions) {
      throw new ParleyError("E_TASK_LIMIT", `A task may ask ${maxQuestions} questions, no more.`, {
        retryable: false,
      });
    }
    keys = freshKeys(task, wished);
    const asked = Object.entries(requests).map(([key, request]) => [keys.get(key) ?? key, request]);
    return { kind: "ask", requests: Object.fromEntries(asked) };
  });
  for (;;) {
    signal.throwIfAborted();
    const changed = changes.next(taskId, signal);
    const responses = (await settings.store.read(taskId))?.task.inputResponses ?? {};
    const found = wished.flatMap((key) => {
      const response = responses[keys.get(key) ?? key];
      return response === undefined ? [] : [[key, response] as const];
    });
    if (found.length < wished.length) await changed.within(lookAgainMs);
    changed.stop();
    if (found.length === wished.length) return Object.fromEntries(found);
  }
}
