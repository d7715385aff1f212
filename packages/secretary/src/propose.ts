import { ParleyError, digest, isoTime, newId } from "@parley/core";
import type {
  CallForProposals,
  Facts,
  JobRequirements,
  JobSpec,
  ModelPart,
  Proposal,
  RandomBytes,
  RecordedCall,
} from "@parley/core";
import type { Engine } from "@parley/engines";
import type { Site } from "@parley/providers";
import { place } from "./capacity/place.ts";
import { longestList } from "./clause.ts";
import type { Placed } from "./capacity/place.ts";
import { withDeadline } from "./deadline.ts";
import { evaluatePlaced } from "./evaluate.ts";
import type { Evaluation } from "./evaluate.ts";
import { gatherFacts, queryFor } from "./gather.ts";
import type { SoftwareNames } from "./installed.ts";
import { partInWords, understand } from "./reader.ts";
import type { WordReader } from "./reader.ts";
import { specOf } from "./spec.ts";
import { clip } from "./words.ts";

/** Milliseconds an answer may take when nobody says. */
const defaultTimeoutMs = 8000;
/** Milliseconds that a site gets beside a model that may take long. */
const besideModelMs = 4000;
/** Least a site gets, so that a hub whose clock runs behind is not answered with a time-out. */
const leastTimeoutMs = 250;
/** How long an offer stands. */
const offerMs = 5 * 60_000;

/** What a secretary works with. */
export interface Desk {
  readonly site: Site;
  readonly now: () => number;
  readonly names: SoftwareNames;
  readonly reader?: WordReader | undefined;
  readonly random?: RandomBytes | undefined;
}

export interface ProposeOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds for the whole answer. Default 8000, and for words that a model reads 4000 more than the model may
   * take, if that is longer; `respondBy` of the call can shorten it.
   */
  readonly timeoutMs?: number | undefined;
  /** Who asks, by the name their token carries. */
  readonly submitter?: string | undefined;
}

export async function proposeAt(
  desk: Desk,
  call: CallForProposals,
  options: ProposeOptions = {},
): Promise<Proposal> {
  const started = desk.now();
  const timeoutMs = timeFor(call, options.timeoutMs ?? timeWith(desk.reader, call), started);
  const readMs = Math.ceil(Math.max(timeoutMs / 2, timeoutMs - besideModelMs));
  const reading = { ...options, timeoutMs: readMs };
  const { requirements, part } = await understand(desk.reader, call.requirements, reading);
  const query = queryFor(requirements, desk.names.expand);
  const gatherMs = Math.ceil(Math.max(leastTimeoutMs, started + timeoutMs - desk.now()) * 0.7);
  const facts = await gatherFacts(desk.site, query, { ...options, timeoutMs: gatherMs, now: desk.now });
  const judge = { now: started, expand: desk.names.expand, submitter: options.submitter };
  const at = { facts, placed: place(requirements, facts) };
  const first = evaluatePlaced(requirements, at, judge);
  const left = Math.max(leastTimeoutMs, started + timeoutMs - desk.now());
  const dryRun = await dryRunOf(desk, { requirements, ...at, first }, { ...options, timeoutMs: left });
  const evaluation = dryRun === undefined ? first : evaluatePlaced(requirements, at, { ...judge, ...dryRun });
  return proposalOf(desk, { facts, evaluation, started, part });
}

function timeWith(reader: WordReader | undefined, { requirements }: CallForProposals): number {
  const asks = reader !== undefined && requirements.unresolved.length > 0;
  return asks ? Math.max(defaultTimeoutMs, reader.timeoutMs + besideModelMs) : defaultTimeoutMs;
}

function timeFor(call: CallForProposals, timeoutMs: number, now: number): number {
  const due = call.respondBy === undefined ? Infinity : Date.parse(call.respondBy) - now;
  return Math.max(leastTimeoutMs, Math.min(timeoutMs, due));
}

/** What a dry run is made of. */
interface DryRun {
  readonly requirements: JobRequirements;
  readonly facts: Facts;
  readonly placed: Placed;
  readonly first: Evaluation;
}

/** Asks the scheduler itself when the job would start, where it can and where it could matter. */
async function dryRunOf(
  desk: Desk,
  asked: DryRun,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<{ startEstimateSeconds: number } | { refusal: string } | undefined> {
  const { first } = asked;
  const engine = desk.site.engines.find(({ manager }) => manager === first.manager);
  if (engine?.estimate === undefined || (first.verdict !== "READY" && first.verdict !== "BUSY"))
    return undefined;
  const estimate = engine.estimate.bind(engine);
  try {
    const spec = specForDryRun(desk, asked);
    const work = (signal: AbortSignal): ReturnType<NonNullable<Engine["estimate"]>> =>
      estimate(spec, { signal, timeoutMs: options.timeoutMs });
    const answer = await withDeadline(work, { ...options, what: engine.manager });
    const startAt = Date.parse(answer?.startAt ?? "");
    if (Number.isNaN(startAt)) return undefined;
    return { startEstimateSeconds: Math.max(0, Math.round((startAt - desk.now()) / 1000)) };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    const refused = ParleyError.isInstance(error) && error.code === "E_ENGINE_REFUSED";
    return refused ? { refusal: clip(error.message) } : undefined;
  }
}

/** A dry run weighs resources only, so a request that does not say what to run yet is asked about with `true`. */
function specForDryRun(
  desk: Desk,
  { requirements, facts, placed: { placement } }: Omit<DryRun, "first">,
): JobSpec {
  const { container: _image, execution: _execution, ...bare } = requirements;
  const command: JobRequirements = { ...bare, execution: { command: "true" } };
  return specOf(command, { facts, placement, names: desk.names, now: desk.now() }).spec;
}

function proposalOf(
  desk: Desk,
  answer: {
    readonly facts: Facts;
    readonly evaluation: Evaluation;
    readonly started: number;
    readonly part: ModelPart | undefined;
  },
): Proposal {
  const { facts, evaluation, started, part } = answer;
  const now = desk.now();
  return {
    schema: "proposal/1",
    offerId: newId("offer", desk.random),
    workerId: desk.site.workerId,
    verdict: evaluation.verdict,
    reasons: [...evaluation.reasons],
    clauses: [...evaluation.clauses],
    constraints: [...partInWords(part), ...evaluation.constraints].slice(0, longestList),
    metrics: evaluation.metrics,
    estimates: evaluation.estimates,
    scores: evaluation.scores,
    facts,
    factsDigest: digest(facts),
    calls: callsOf(facts),
    mode: "rules",
    ...(part === undefined ? {} : { model: part }),
    observedAt: facts.observedAt,
    validUntil: isoTime(now + offerMs),
    durationMs: Math.max(0, now - started),
  };
}

/** The calls behind the facts, as the runtime recorded them. */
function callsOf(facts: Facts): RecordedCall[] {
  return facts.evidence.slice(0, 64).map(({ provider, tool, args }) => ({ provider, function: tool, args }));
}
