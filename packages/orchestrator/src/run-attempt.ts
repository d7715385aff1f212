import { ParleyError, digest } from "@parley/core";
import type { Lease, Outcome } from "@parley/queue";
import { z } from "zod";
import { failureOf } from "./failure.ts";
import { keepLease } from "./keep-lease.ts";
import type { KeptLease } from "./keep-lease.ts";
import type { Attempt, AttemptOutcome, Execution, Executor } from "./port.ts";
import { readCheckpoint } from "./result.ts";
import type { TaskResult } from "./result.ts";
import { settleResult } from "./settle-result.ts";
import type { Settling } from "./settle-result.ts";
import type { Action } from "./task-spec.ts";
import { readSpec } from "./task-spec.ts";

/** What an attempt is made with. */
export interface AttemptParts extends Settling {
  readonly executors: ReadonlyMap<string, Executor>;
  /** For tasks that do not say how they are done. */
  readonly otherwise?: Action | undefined;
}

/** How an attempt ended. */
export interface AttemptEnd {
  readonly id: string;
  /** The state of the task afterwards; `lost` when it was in other hands by then. */
  readonly state: Extract<Outcome, { ok: true }>["state"] | "lost";
  /** Absent where the attempt was stopped from outside. */
  readonly outcome?: AttemptOutcome | undefined;
  /** The place is at fault, and no attempt could go well for a while. */
  readonly later?: boolean | undefined;
}

/** Makes one attempt at a task: executes, has the result checked, and writes down what came of it. */
export async function runAttempt(
  lease: Lease,
  parts: AttemptParts,
  signal: AbortSignal,
): Promise<AttemptEnd> {
  const kept = keepLease(parts.store, lease, signal);
  try {
    return await attemptOf(lease, parts, kept);
  } catch (error) {
    const stop = kept.stopped();
    if (stop === undefined) throw error;
    if (stop === "lost") return lost(lease);
    const given = stop === "cancelled" ? parts.store.confirmCancel(lease) : parts.store.release(lease);
    return endOf(lease, await given);
  } finally {
    kept.stop();
  }
}

async function attemptOf(lease: Lease, parts: AttemptParts, kept: KeptLease): Promise<AttemptEnd> {
  const attempt = attemptFor(lease, kept);
  const made = await unchecked(lease, parts);
  const decision = decisionOf(lease);
  if (made !== undefined && decision?.accept === true) {
    const verdicts = [...made.verdicts, { type: "person", verdict: "pass" as const }];
    const outcome = { taskId: lease.id, ok: true, usage: {} };
    return endOf(lease, await parts.store.complete(lease, { ...made, verdicts }), outcome);
  }
  const execution: Execution =
    made === undefined || decision?.accept === false
      ? await execute(attempt, parts)
      : { ok: true, output: made.output, by: made.by };
  attempt.signal.throwIfAborted();
  const usage = execution.usage ?? {};
  if (!execution.ok) {
    const { failure } = execution;
    const outcome = { taskId: lease.id, ok: false, usage, error: failure.message };
    const end = endOf(lease, await parts.store.fail(lease, failure), outcome);
    return { ...end, later: failure.class === "rate_limited" };
  }
  const { output, by } = execution;
  const subject = { output, by, attempt };
  const { outcome, judgement } = await settleResult({ lease, subject, usage: execution.usage }, parts);
  if (!outcome.ok && outcome.refusal.code === "payload_too_large") {
    const failure = { class: "permanent", message: outcome.refusal.message } as const;
    const told = { taskId: lease.id, ok: false, usage, error: failure.message };
    return endOf(lease, await parts.store.fail(lease, failure), told);
  }
  return endOf(lease, outcome, {
    taskId: lease.id,
    ok: outcome.ok && outcome.state === "completed",
    usage: judgement === undefined ? usage : addUp(usage, judgement.usage),
    error: judgement?.detail,
    output: digest(output ?? null),
  });
}

const addUp = (left: AttemptOutcome["usage"], right: AttemptOutcome["usage"]): AttemptOutcome["usage"] => ({
  costUsd: (left.costUsd ?? 0) + (right.costUsd ?? 0),
  inputTokens: (left.inputTokens ?? 0) + (right.inputTokens ?? 0),
  outputTokens: (left.outputTokens ?? 0) + (right.outputTokens ?? 0),
});

/** One lease lost may happen to anybody; one after another says that something is wrong here. */
function lost({ id }: Lease): AttemptEnd {
  return { id, state: "lost", outcome: { taskId: id, ok: false, usage: {}, error: "The lease was lost." } };
}

function endOf(lease: Lease, outcome: Outcome, told?: AttemptOutcome): AttemptEnd {
  if (!outcome.ok) return lost(lease);
  return { id: lease.id, state: outcome.state, outcome: told };
}

async function execute(attempt: Attempt, { executors, otherwise }: AttemptParts): Promise<Execution> {
  const action = attempt.spec.execute ?? otherwise;
  try {
    const executor = action && executors.get(action.type);
    if (action === undefined || executor === undefined) {
      const what = action === undefined ? "that does what it describes" : `"${action.type}"`;
      throw new ParleyError("E_CONFIG_INVALID", `There is no executor ${what} here.`);
    }
    return await executor.execute(action, attempt);
  } catch (error) {
    attempt.signal.throwIfAborted();
    return { ok: false, failure: failureOf(error) };
  }
}

/** The result of an earlier attempt whose checks were not made. */
async function unchecked({ id, attempt }: Lease, { store }: AttemptParts): Promise<TaskResult | undefined> {
  if (attempt === 1) return undefined;
  return readCheckpoint((await store.get(id))?.progress);
}

const Decision = z.object({ accept: z.boolean() });

/** What a person decided about a result that could not be checked. */
function decisionOf({ notes }: Lease): z.infer<typeof Decision> | undefined {
  const last = notes.at(-1);
  return last?.kind === "input" ? Decision.safeParse(last.value).data : undefined;
}

/** An attempt as executors see it. */
export function attemptFor(
  lease: Pick<Lease, "id" | "attempt" | "payload" | "notes">,
  kept: Pick<KeptLease, "signal" | "progress">,
): Attempt {
  const { id, attempt, payload, notes } = lease;
  return {
    id,
    number: attempt,
    idempotencyKey: id,
    spec: readSpec(payload),
    feedback: notes.map(feedbackOf).filter((text) => text !== undefined),
    signal: kept.signal,
    progress: kept.progress,
  };
}

function feedbackOf({ kind, value }: Lease["notes"][number]): string | undefined {
  if (kind === "question") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
