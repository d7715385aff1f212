import { Proposal, Verdict, unreadableStructured } from "@parley/core";
import { partInWords } from "@parley/secretary";
import { z } from "zod";

const Structured = Proposal.pick({
  verdict: true,
  reasons: true,
  clauses: true,
  constraints: true,
  metrics: true,
  estimates: true,
  model: true,
}).partial();
const Typed = Structured.required({ verdict: true });

const Gate = z.object({ verdict: Verdict, reasons: z.array(z.string()).default([]) });

/** What a table shows of one worker's answer. */
export interface Offer {
  readonly workerId: string;
  /** The gate's verdict where there is one; `ERROR` of a worker that failed. */
  readonly verdict: Verdict | "ERROR";
  /** What the site said, when the gate disagrees. */
  readonly claim?: Verdict | undefined;
  readonly startSeconds?: number | undefined;
  readonly cost?: { readonly amount: number; readonly currency: string } | undefined;
  readonly why: readonly string[];
  readonly clauses: Proposal["clauses"];
}

const order = ["READY", "BUSY", "UNKNOWN", "RESTRICTED", "INCOMPATIBLE", "ERROR"];

/** Reads answers for display, best first. Never throws for what they hold. */
export function readOffers(proposals: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Offer[] {
  return Object.entries(proposals)
    .map(([workerId, entry]) => readOffer(workerId, entry))
    .toSorted(
      (left, right) =>
        order.indexOf(left.verdict) - order.indexOf(right.verdict) ||
        (left.startSeconds ?? Infinity) - (right.startSeconds ?? Infinity) ||
        (left.workerId < right.workerId ? -1 : 1),
    );
}

function readOffer(workerId: string, entry: Readonly<Record<string, unknown>>): Offer {
  if (entry["type"] === "error") {
    const why = `${text(entry["code"]) ?? "E_TOOL_FAILED"}: ${text(entry["message"]) ?? "no message"}`;
    return { workerId, verdict: "ERROR", why: [why], clauses: [] };
  }
  if (entry["type"] === "manifest_only") {
    const why = text(entry["reasoning"]) ?? "it has no secretary to ask";
    return { workerId, verdict: "UNKNOWN", why: [why], clauses: [] };
  }
  const said = saidBy(entry);
  if (typeof said === "string") return { workerId, verdict: "ERROR", why: [said], clauses: [] };
  const gate = Gate.safeParse(entry["gate"]);
  const judgement = judged(said, gate.success ? gate.data : undefined);
  return {
    workerId,
    ...judgement,
    // First, as the rest rests on it.
    why: [...partInWords(said.model), ...judgement.why],
    ...numbersOf(said),
    clauses: said.clauses ?? [],
  };
}

type Said = z.infer<typeof Structured>;

/** The typed answer, or of an older worker the verdict its text names. Why it cannot be read, when it cannot. */
function saidBy(entry: Readonly<Record<string, unknown>>): Said | string {
  const data = asObject(entry["data"]);
  const structured = data["structured"] ?? undefined;
  if (structured === undefined) return { verdict: wordOf(text(data["proposal"]) ?? text(entry["data"])) };
  const typed = Typed.safeParse(structured);
  return typed.success ? typed.data : unreadableStructured(typed.error);
}

/** The gate outranks the claim; where they differ its reasons are the ones that count. */
function judged(
  { verdict: claim, reasons = [] }: Said,
  gate: z.infer<typeof Gate> | undefined,
): Pick<Offer, "verdict" | "claim" | "why"> {
  if (gate === undefined) return { verdict: claim ?? "UNKNOWN", why: reasons };
  const differs = claim !== undefined && claim !== gate.verdict;
  const why = differs || reasons.length === 0 ? gate.reasons : reasons;
  return { verdict: gate.verdict, ...(differs ? { claim } : {}), why };
}

function numbersOf({ estimates, metrics }: Said): Pick<Offer, "startSeconds" | "cost"> {
  const startSeconds = estimates?.startSeconds?.p50 ?? metrics?.startSeconds ?? undefined;
  const cost =
    estimates?.cost ??
    (metrics?.cost === null || metrics?.cost === undefined || metrics.currency === null
      ? undefined
      : { amount: metrics.cost, currency: metrics.currency });
  return { startSeconds, cost };
}

/** The verdict an older worker's text names, the last one when there are several. */
function wordOf(answer: string | undefined): Verdict | undefined {
  const found = answer
    ?.slice(0, 200_000)
    .match(/\b(READY|BUSY|RESTRICTED|INCOMPATIBLE|UNKNOWN)\b/g)
    ?.at(-1);
  return Verdict.safeParse(found).data;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
