import { ParleyError, Stop } from "@parley/core";
import type { TaskRun } from "@parley/mcp-tasks";
import { type Asking, createAsking, type Question, type Questions } from "@parley/tool-registry";
import { z } from "zod";
import type { Call, Calls } from "./calls.ts";

type Came = Awaited<ReturnType<Calls["run"]>>;

/** A call that begins in its request and may go on as a task. */
export interface OutlivingCall {
  /** How it comes out, wherever it has got to by then. */
  readonly result: Promise<Came>;
  /** Whether it asked its client on the request: this run ends with that, and is nothing for a task. */
  readonly asked: () => boolean;
  /** Resolves when the call wants to be a task now. */
  readonly leaves: Promise<void>;
  /** Stays in its request after all. */
  readonly stay: () => void;
  /** Goes on as a task: that stops it now, hears its progress and asks its questions. */
  readonly adopt: (run: TaskRun) => Promise<Came>;
}

interface Beginning {
  /** Whether the client follows tasks, and can be asked by one. */
  readonly follows: boolean;
  /** The task it is from the start. */
  readonly run?: TaskRun | undefined;
}

export function beginCall(calls: Calls, call: Call, { follows, run: first }: Beginning): OutlivingCall {
  const stop = new Stop();
  let run: TaskRun | undefined;
  let asked = false;
  const [leaves, wish] = latch();
  const [placed, place] = latch();
  const outlive = async (): Promise<void> => {
    wish();
    await placed;
  };
  const leave = (): void => stop.abort(call.signal?.reason);
  const adopt = (task: TaskRun): void => {
    run = task;
    place();
    call.signal?.removeEventListener("abort", leave);
    const follow = (): void => stop.abort(task.signal.reason);
    task.signal.addEventListener("abort", follow, { once: true });
    if (task.signal.aborted) follow();
  };
  const asking = (usual: Asking): Asking =>
    createAsking({
      canAsk: (kind) => (run === undefined || follows) && usual.canAsk(kind),
      once: usual.once,
      async input(questions) {
        const askable = Object.values(questions).every(({ kind }) => usual.canAsk(kind));
        // What the client cannot answer is refused the usual way.
        if (run !== undefined && askable) return await askByTask(run, questions, follows);
        asked ||= askable;
        const answers = await usual.input(questions);
        asked = false;
        return answers;
      },
    });
  if (first !== undefined) adopt(first);
  else if (call.signal?.aborted === true) leave();
  else call.signal?.addEventListener("abort", leave, { once: true });
  const result = calls.run({
    ...call,
    signal: undefined,
    stop,
    unbounded: true,
    mayOutlive: follows,
    ...(follows ? { outlive } : {}),
    progress: (done, total, message) => (run ?? call).progress?.(done, total, message),
    asking,
  });
  result.catch(() => undefined);
  return {
    result,
    asked: () => asked,
    leaves,
    stay: place,
    adopt(task) {
      adopt(task);
      return result;
    },
  };
}

/** A promise, and what resolves it. */
function latch(): readonly [Promise<void>, () => void] {
  const held: { open?: () => void } = {};
  const opened = new Promise<void>((resolve) => (held.open = resolve));
  return [opened, () => held.open?.()];
}

const Params = z.record(z.string(), z.json());

/** Asks until every answer fits its question. */
async function askByTask(run: TaskRun, questions: Questions, follows: boolean): Promise<never> {
  if (!follows) {
    const message = "The call has outlived its request, and its client cannot be asked by a task.";
    throw new ParleyError("E_INPUT_UNSUPPORTED", message);
  }
  const found: Record<string, unknown> = {};
  let open: [string, Question<unknown>][] = Object.entries(questions);
  while (open.length > 0) {
    const wired = open.map(([key, { method, params }]) => [key, { method, params: Params.parse(params) }]);
    const answers = await run.input(Object.fromEntries(wired));
    for (const [key, question] of open) {
      const answer = question.read(answers[key]);
      if (answer !== undefined) found[key] = answer;
    }
    open = open.filter(([key]) => !Object.hasOwn(found, key));
  }
  // Each value is what its question's `read` made of the answer: no type says so of keys that are data.
  return found as never;
}
