import type { LeaseRef, Outcome } from "@parley/queue";
import { addUsage } from "@parley/llm";
import { judge } from "./judge.ts";
import type { Judgement } from "./judge.ts";
import type { Subject, TaskStore, Usage, Verifier } from "./port.ts";
import type { TaskResult } from "./result.ts";

/** What judging needs beside the result. */
export interface Settling {
  readonly store: TaskStore;
  readonly verifiers: ReadonlyMap<string, Verifier>;
  readonly rounds: number;
}

/** What became of a result. */
export interface Settled {
  readonly outcome: Outcome;
  /** Absent where nothing was to be checked. */
  readonly judgement?: Judgement | undefined;
}

/** What was made, by whom, and what it has cost. */
export interface Made {
  readonly lease: LeaseRef;
  readonly subject: Subject;
  readonly usage?: Usage | undefined;
}

/** Checks a result by what its task asks for, and writes the end of the attempt down. */
export async function settleResult(made: Made, settling: Settling): Promise<Settled> {
  const { lease, subject, usage } = made;
  const { store, verifiers, rounds } = settling;
  const actions = subject.attempt.spec.verify;
  const result = resultOf(made, []);
  if (actions.length === 0) return { outcome: await store.complete(lease, result) };
  const kept = await store.heartbeat(lease, { checkpoint: result });
  const checking = kept.ok ? await store.verify(lease) : kept;
  if (!checking.ok) return { outcome: checking };
  const judgement = await judge(subject, { verifiers, actions, rounds });
  const whole = { ...made, usage: addUsage(usage ?? {}, judgement.usage) };
  return { outcome: await writeEnd(whole, judgement, store), judgement };
}

async function writeEnd(made: Made, judgement: Judgement, store: TaskStore): Promise<Outcome> {
  const { lease } = made;
  const { verdict, detail: feedback, fatal, verdicts } = judgement;
  if (verdict === "pass") return await store.complete(lease, resultOf(made, verdicts));
  if (verdict === "inconclusive") {
    const message = `The result could not be checked (${feedback}): accept or reject it.`.slice(0, 4096);
    return await store.fail(lease, { class: "needs_input", message });
  }
  // What failed its check is not to be checked again after a crash.
  const dropped = await store.heartbeat(lease, {});
  if (!dropped.ok) return dropped;
  const message = `The result did not pass: ${feedback}`.slice(0, 4096);
  return await store.fail(lease, { class: fatal ? "permanent" : "retryable", message, feedback });
}

function resultOf({ subject, usage }: Made, verdicts: Judgement["verdicts"]): TaskResult {
  const { output, by } = subject;
  return {
    output: output ?? null,
    verdicts: [...verdicts],
    ...(by === undefined ? {} : { by }),
    ...(usage === undefined ? {} : { usage }),
  };
}
