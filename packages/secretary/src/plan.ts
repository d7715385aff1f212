import { ParleyError } from "@parley/core";
import type { Facts, JobRequirements, JobSpec } from "@parley/core";
import type { Engine } from "@parley/engines";
import { place } from "./capacity/place.ts";
import { tokenizeCommand } from "./command.ts";
import { evaluate } from "./evaluate.ts";
import type { Evaluation } from "./evaluate.ts";
import { gatherFacts, queryFor } from "./gather.ts";
import type { Desk } from "./propose.ts";
import { readingInWords, withReadings } from "./readings.ts";
import { specOf } from "./spec.ts";
import { plainName } from "./words.ts";

export interface PlanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for looking the site over. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Facts already at hand; read anew when absent. */
  readonly facts?: Facts | undefined;
  /** Who submits, by the name their token carries. */
  readonly submitter?: string | undefined;
}

/** A job ready to submit: nothing has happened yet. */
export interface DispatchPlan {
  readonly engine: Engine;
  readonly spec: JobSpec;
  /** What was decided for the requester, as sentences. */
  readonly notes: readonly string[];
  readonly evaluation: Evaluation;
}

export async function planAt(
  desk: Desk,
  asked: JobRequirements,
  options: PlanOptions = {},
): Promise<DispatchPlan> {
  const { requirements, readings } = withReadings(
    { ...asked, intent: "run" },
    desk.reader?.recall(asked) ?? [],
  );
  const tokens = tokenizeCommand(requirements.execution?.command ?? "");
  if (!tokens.ok) {
    throw new ParleyError("E_DISPATCH_REFUSED", `The command cannot be run: ${tokens.reason}.`);
  }
  const query = queryFor(requirements, desk.names.expand);
  const timeoutMs = options.timeoutMs ?? 10_000;
  const gathering = { timeoutMs, signal: options.signal, now: desk.now };
  const facts = options.facts ?? (await gatherFacts(desk.site, query, gathering));
  const judge = { now: desk.now(), expand: desk.names.expand, submitter: options.submitter };
  const evaluation = evaluate(requirements, facts, judge);
  if (evaluation.verdict === "INCOMPATIBLE" || evaluation.verdict === "RESTRICTED") {
    throw refused(desk.site.workerId, evaluation);
  }
  const engine = engineFor(desk, requirements, evaluation.manager);
  const loadless = engine.loadsSoftware === true ? undefined : engine.manager;
  const { placement } = place(requirements, facts);
  const { spec, notes } = specOf(requirements, {
    facts,
    placement,
    names: desk.names,
    now: desk.now(),
    loadless,
  });
  const read = readings.map((reading) => `a model read ${readingInWords(reading)}`);
  return { engine, evaluation, spec, notes: [...read, ...notes] };
}

function refused(workerId: string, evaluation: Evaluation): ParleyError {
  const reasons = evaluation.reasons.slice(0, 3).join("; ");
  return new ParleyError(
    "E_DISPATCH_REFUSED",
    `${workerId} cannot take this job (${evaluation.verdict}): ${reasons}. Change the request or choose another site.`,
    {
      details: {
        verdict: evaluation.verdict,
        reasons: evaluation.reasons,
        constraints: evaluation.constraints,
      },
    },
  );
}

/** The manager the rules chose; where none could be judged, the one asked for, else the site's first. */
function engineFor(desk: Desk, requirements: JobRequirements, manager: string | undefined): Engine {
  const wanted = manager === undefined ? requirements.scheduler?.managers : [manager];
  const names = wanted?.map((name) => plainName(name));
  const engine = desk.site.engines.find(
    (item) => names === undefined || names.includes(plainName(item.manager)),
  );
  if (engine !== undefined) return engine;
  throw new ParleyError(
    "E_DISPATCH_REFUSED",
    `${desk.site.workerId} has no way to submit to ${wanted?.join(" or ") ?? "any scheduler"}: enable an engine in its configuration.`,
  );
}
