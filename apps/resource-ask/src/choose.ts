import { seededRandom } from "@parley/core";
import type { Selection } from "@parley/core";
import { createPipeline, defaultPipeline, findStrategy, readProposals } from "@parley/selection";
import type { Candidate, Strategy } from "@parley/selection";
import type { NegotiationAnswer } from "./client/answers.ts";
import { isOwnStrategy, loadStrategy } from "./own-strategy.ts";
import { understand } from "./request/understood.ts";
import type { Session } from "./session.ts";

/** How to choose, as flags say it. */
export interface Choice {
  readonly select: readonly string[];
  readonly seed?: string | undefined;
}

/** Chooses among a negotiation's answers: in the hub, or here when a strategy is the caller's own. */
export async function choose(session: Session, negotiationId: string, choice: Choice): Promise<Selection> {
  const { client, signal } = session;
  if (!choice.select.some((name) => isOwnStrategy(name))) {
    const strategies = choice.select.length === 0 ? undefined : choice.select;
    return client.select(negotiationId, { strategies, seed: choice.seed }, { signal });
  }
  const negotiation = await client.negotiation(negotiationId, { full: true, signal });
  const requirements = requirementsOf(negotiation, Date.now());
  const candidates = readProposals(negotiation.proposals);
  return chooseHere(candidates, { ...choice, seed: choice.seed ?? negotiationId, requirements, signal });
}

export interface ChooseHereOptions extends Choice {
  readonly requirements: ReturnType<typeof understand>["requirements"];
  readonly signal: AbortSignal;
}

/** Chooses in this process. The same seed chooses the same as a hub does. */
export async function chooseHere(
  candidates: readonly Candidate[],
  options: ChooseHereOptions,
): Promise<Selection> {
  const { select, seed, requirements, signal } = options;
  const random = seed === undefined ? Math.random : seededRandom("select", seed);
  const pipeline = await openPipeline(select);
  return pipeline.select(candidates, { requirements, random, signal });
}

/** @throws {@link ParleyError} `E_SELECT_UNKNOWN`, `E_TOOL_LOAD` */
export async function openPipeline(names: readonly string[]): Promise<Strategy> {
  if (names.length === 0) return defaultPipeline();
  return createPipeline(
    await Promise.all(
      names.map(async (name) => (isOwnStrategy(name) ? loadStrategy(name) : findStrategy(name))),
    ),
  );
}

function requirementsOf(negotiation: NegotiationAnswer, now: number): ChooseHereOptions["requirements"] {
  return negotiation.requirements ?? understand(negotiation.user_prompt, undefined, now).requirements;
}
