import { factorTable, isoTime, newSortableId, seededRandom } from "@parley/core";
import type { CallForProposals, Clock, JobRequirements, ModelPart, Proposal, Selection } from "@parley/core";
import type { Database } from "@parley/databases";
import {
  evaluate,
  expandSoftwareNames,
  mergeRequirements,
  noteReadings,
  parseRequest,
  renderRequest,
  withReadings,
} from "@parley/secretary";
import type { RequirementOverrides } from "@parley/secretary";
import { gateCandidate, readProposals } from "@parley/selection";
import type { Candidate, Strategy } from "@parley/selection";
import { answerOf, errorOf, textOf } from "../wire/answer.ts";
import { choiceOf } from "./choice.ts";
import type { HubModel } from "./choice.ts";
import type { HubSettings } from "./config.ts";
import { fanOut } from "./fan-out.ts";
import type { Outcome } from "./fan-out.ts";
import type { Member } from "./member.ts";
import { isLegacy } from "./member.ts";
import type { Answer, Negotiation } from "./negotiation-record.ts";
import { createNegotiationStore } from "./negotiation-store.ts";
import { maxAnswerText, readAnswer } from "./read-answer.ts";
import type { Roster, WorkerFilter } from "./roster.ts";

export interface AskOptions extends WorkerFilter {
  readonly prompt: string;
  /** Structured fields that outrank the words. */
  readonly overrides?: RequirementOverrides | undefined;
  readonly intent?: "satisfy" | "negotiate" | undefined;
  /** Milliseconds for the whole round. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Who asks, by the name of their credential. */
  readonly submitter?: string | undefined;
}

export interface ChooseOptions {
  readonly strategies?: readonly string[] | undefined;
  readonly seed?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks, checks, remembers and chooses. */
export interface Negotiator {
  ask(options: AskOptions): Promise<Negotiation>;
  load(id: string): Promise<Negotiation>;
  choose(negotiation: Negotiation, options?: ChooseOptions): Promise<Selection>;
  /** The strategies by their names, before anybody is asked. @throws `E_SELECT_UNKNOWN`, `E_LLM_NONE` */
  choice(names: ChooseOptions["strategies"]): Strategy;
}

export interface NegotiatorOptions {
  readonly roster: Roster;
  readonly settings: HubSettings;
  readonly database: Database;
  readonly clock: Clock;
  readonly model?: HubModel | undefined;
}

export function createNegotiator(options: NegotiatorOptions): Negotiator {
  const { roster, settings, clock, database, model } = options;
  const store = createNegotiationStore({ database, clock, keepMs: settings.negotiationMs });

  async function ask(request: AskOptions): Promise<Negotiation> {
    const startedMs = clock.now();
    const id = newSortableId("neg", startedMs);
    const clusters = roster.all.map((member) => member.record.id);
    const read =
      request.prompt.trim() === "" && request.overrides
        ? undefined
        : parseRequest(request.prompt, { now: startedMs, clusters });
    const requirements = mergeRequirements(read?.requirements, request.overrides ?? {});
    const members = roster.pick(request);
    const call = callFor(id, requirements, request.submitter);
    const words = renderRequest(requirements);
    const draft = await store.begin({
      schema: "negotiation/1",
      id,
      at: isoTime(startedMs),
      intent: request.intent ?? "satisfy",
      prompt: request.prompt,
      requirements,
      spans: [...(read?.spans ?? [])],
      workers: members.map((member) => member.record.id),
      chunks: 0,
      durationMs: 0,
    });
    await fanOut(
      members.map((member) => ({ id: member.record.id, member })),
      {
        mode: settings.fanOut,
        timeoutMs: settings.askTimeoutMs,
        totalMs: request.timeoutMs,
        signal: request.signal,
        now: () => clock.now(),
        onOutcome: (outcome: Outcome<Answer>, done) => {
          draft.add(outcome.id, answerFrom(outcome));
          request.onProgress?.(done, members.length);
        },
        // Checked while others still think, not when all are done.
        ask: async ({ member }, signal) => {
          const answer = await askOne({ member, call, words, prompt: request.prompt }, signal);
          return checked(answer, call, { requirements, now: clock.now() });
        },
      },
    );
    return await draft.finish(clock.now() - startedMs);
  }

  async function choose(negotiation: Negotiation, chosen: ChooseOptions = {}): Promise<Selection> {
    const pipeline = choice(chosen.strategies);
    const candidates = Object.entries(negotiation.answers).map(([workerId, answer]) =>
      candidateOf(workerId, answer),
    );
    const { requirements } = negotiation;
    const selected = await pipeline.select(candidates, {
      requirements,
      random: seededRandom("select", chosen.seed ?? negotiation.id),
      signal: chosen.signal,
    });
    const part = partOf(candidates, selected.worker_id);
    const selection = noteReadings(selected, { requirements, part });
    await store.setSelection(negotiation.id, selection);
    return selection;
  }

  function choice(names: ChooseOptions["strategies"]): Strategy {
    return choiceOf(names, model);
  }

  return { ask, choose, choice, load: (id) => store.load(id) };
}

/** The typed question: no weights, no objectives, the same fixed scales for everybody. */
function callFor(
  negotiationId: string,
  requirements: JobRequirements,
  submitter: string | undefined,
): CallForProposals {
  const { objectives: _private, ...shared } = requirements;
  return {
    schema: "call-for-proposals/1",
    negotiationId,
    requirements: shared,
    factors: [...factorTable],
    submitter,
  };
}

interface Question {
  readonly member: Member;
  readonly call: CallForProposals;
  readonly words: string;
  readonly prompt: string;
}

/** Puts the question to one worker: typed to ours, in words to one of the seed's kind, status to one without a secretary. */
async function askOne(question: Question, signal: AbortSignal): Promise<Answer> {
  const { member, call, words } = question;
  const { id, secretary } = member.record;
  if (secretary?.mode === "none") return manifestOnly(member, signal);
  const args = isLegacy(member) ? { request: words } : { request: "", call };
  const result = await member.link.callTool("ask_secretary", args, { signal });
  if (result.isError) {
    if (isLegacy(member) && /unknown tool|not found/i.test(textOf(result)))
      return manifestOnly(member, signal);
    throw errorOf(result, id);
  }
  return readAnswer(id, answerOf(result));
}

async function manifestOnly(member: Member, signal: AbortSignal): Promise<Answer> {
  const result = await member.link.callTool("get_status", {}, { signal });
  if (result.isError) throw errorOf(result, member.record.id);
  const data = JSON.stringify(answerOf(result)) ?? "{}";
  return {
    type: "manifest_only",
    reasoning: "This worker has no secretary.",
    data: data.slice(0, maxAnswerText),
  };
}

function answerFrom(outcome: Outcome<Answer>): Answer {
  if (outcome.ok) return outcome.value;
  const { code, message, retryable } = outcome.error;
  return { type: "error", code, message, retryable };
}

/** The truth gate: the hub decides every clause again on the facts that came with the claim. */
function checked(
  answer: Answer,
  { submitter }: CallForProposals,
  { requirements, now }: { readonly requirements: JobRequirements; readonly now: number },
): Answer {
  const claim = answer.type === "agentic_proposal" ? answer.data.structured : undefined;
  if (!claim || answer.type !== "agentic_proposal") return answer;
  const { startBasis, startSeconds } = claim.estimates;
  const startEstimateSeconds = startBasis === "scheduler" ? startSeconds?.p50 : undefined;
  // What the site's model read is judged like the rest of the request; readings that do not fit it are not followed.
  const read = withReadings(requirements, claim.model?.readings ?? []);
  const check = evaluate(read.requirements, claim.facts, {
    now,
    startEstimateSeconds,
    expand: expandSoftwareNames,
    submitter,
  });
  return { ...answer, gate: toGateResult(gateCandidate(claim, check)) };
}

function toGateResult(gate: { verdict: Proposal["verdict"]; agrees: boolean; reasons: readonly string[] }): {
  verdict: Proposal["verdict"];
  agrees: boolean;
  reasons: string[];
} {
  return { verdict: gate.verdict, agrees: gate.agrees, reasons: [...gate.reasons] };
}

function partOf(candidates: readonly Candidate[], workerId: string | null): ModelPart | undefined {
  return candidates.find((candidate) => candidate.workerId === workerId)?.proposal?.model;
}

function candidateOf(workerId: string, answer: Answer): Candidate {
  if (answer.type === "error") {
    const { code, message, retryable } = answer;
    return { workerId, kind: "error", error: { code, message, retryable }, reason: message };
  }
  if (answer.type === "manifest_only") return { workerId, kind: "manifest_only", reason: answer.reasoning };
  if (answer.data.structured)
    return { workerId, kind: "proposal", proposal: answer.data.structured, gate: answer.gate };
  const [legacy] = readProposals({ [workerId]: answer });
  return legacy ?? { workerId, kind: "error", reason: "its answer holds no proposal" };
}
