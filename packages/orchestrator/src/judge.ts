import { ParleyError } from "@parley/core";
import { addUsage } from "@parley/llm";
import type { Subject, Usage, Verdict, Verifier } from "./port.ts";
import type { Action } from "./task-spec.ts";
import { messageOf, plain } from "./text.ts";

/** One verdict as it is kept with the result. */
interface RecordedVerdict {
  readonly type: string;
  readonly verdict: Verdict["verdict"];
  readonly detail?: string | undefined;
}

/** What all checks of a task came to. */
export interface Judgement {
  readonly verdict: Verdict["verdict"];
  /** Why not, for the next attempt or for whoever decides. */
  readonly detail: string;
  readonly fatal: boolean;
  readonly verdicts: readonly RecordedVerdict[];
  readonly usage: Usage;
}

/** Options of {@link judge}. */
export interface Judging {
  readonly verifiers: ReadonlyMap<string, Verifier>;
  readonly actions: readonly Action[];
  /** How often one check is tried that cannot be made. */
  readonly rounds: number;
}

/**
 * Makes the checks of a task one after another; the first that fails decides. One that cannot be made is tried again,
 * and if it never can, says nothing about the task.
 */
export async function judge(subject: Subject, { verifiers, actions, rounds }: Judging): Promise<Judgement> {
  const verdicts: RecordedVerdict[] = [];
  let usage: Usage = {};
  let open = "";
  for (const action of actions) {
    const found = await check(action, subject, { verifiers, rounds });
    usage = addUsage(usage, found.usage);
    const detail = detailOf(found.verdict);
    const { verdict } = found.verdict;
    verdicts.push({ type: action.type, verdict, ...(detail === "" ? {} : { detail }) });
    if (found.verdict.verdict === "fail") {
      const fatal = found.verdict.severity === "fatal";
      return { verdict, detail, fatal, verdicts, usage };
    }
    if (verdict === "inconclusive") open ||= `${action.type}: ${detail}`;
  }
  return { verdict: open === "" ? "pass" : "inconclusive", detail: open, fatal: false, verdicts, usage };
}

interface Checked {
  readonly verdict: Verdict;
  readonly usage: Usage;
}

async function check(
  action: Action,
  subject: Subject,
  { verifiers, rounds }: Omit<Judging, "actions">,
): Promise<Checked> {
  let usage: Usage = {};
  let verdict: Verdict = { verdict: "inconclusive", reason: "it was not tried" };
  for (let round = 0; round < rounds && verdict.verdict === "inconclusive"; round += 1) {
    subject.attempt.signal.throwIfAborted();
    verdict = await once(action, subject, verifiers);
    usage = addUsage(usage, verdict.usage ?? {});
  }
  return { verdict, usage };
}

async function once(action: Action, subject: Subject, verifiers: Judging["verifiers"]): Promise<Verdict> {
  try {
    const verifier = verifiers.get(action.type);
    if (verifier === undefined)
      throw new ParleyError("E_CONFIG_INVALID", `There is no verifier "${action.type}".`);
    if (verifier.identity !== undefined && verifier.identity === subject.by) {
      return { verdict: "inconclusive", reason: `${verifier.identity} made it and may not judge it` };
    }
    return await verifier.verify(action, subject);
  } catch (error) {
    // The caller's leaving is no finding.
    subject.attempt.signal.throwIfAborted();
    return { verdict: "inconclusive", reason: messageOf(error) };
  }
}

function detailOf(verdict: Verdict): string {
  if (verdict.verdict === "fail") return plain(verdict.feedback);
  return verdict.verdict === "inconclusive" ? plain(verdict.reason) : "";
}
