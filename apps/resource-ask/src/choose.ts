import { ParleyError, seededRandom } from "@parley/core";
import type { Selection } from "@parley/core";
import { noteReadings } from "@parley/secretary";
import { readProposals } from "@parley/selection";
import type { Candidate } from "@parley/selection";
import type { NegotiationAnswer } from "./client/answers.ts";
import type { Choice } from "./open-choice.ts";
import { understand } from "./request/understood.ts";
import type { Session } from "./session.ts";

/** How a hub says that it chooses by no model: it has none, or is of a kind that knows of none. */
const modelless: ReadonlySet<string> = new Set(["E_LLM_NONE", "E_SELECT_UNKNOWN", "E_TOOL_UNKNOWN"]);

/** Chooses among a negotiation's answers: in the hub, or here when the choice needs what only the caller has. */
export async function choose(session: Session, negotiationId: string, choice: Choice): Promise<Selection> {
  const { client, signal } = session;
  if (!choice.here) return chooseThere(session, negotiationId, choice);
  if (choice.hubFirst) {
    try {
      return await chooseThere(session, negotiationId, choice);
    } catch (error) {
      if (!ParleyError.isInstance(error) || !modelless.has(error.code)) throw error;
    }
  }
  const negotiation = await client.negotiation(negotiationId, { full: true, signal });
  const requirements = requirementsOf(negotiation, Date.now());
  const candidates = readProposals(negotiation.proposals);
  return chooseHere(candidates, { ...choice, seed: choice.seed ?? negotiationId, requirements, signal });
}

function chooseThere(
  { client, signal }: Session,
  negotiationId: string,
  { select, seed }: Choice,
): Promise<Selection> {
  const strategies = select.length === 0 ? undefined : select;
  return client.select(negotiationId, { strategies, seed }, { signal });
}

export interface ChooseHereOptions extends Pick<Choice, "pipeline" | "seed"> {
  readonly requirements: ReturnType<typeof understand>["requirements"];
  readonly signal: AbortSignal;
}

/**
 * Chooses in this process. The same seed chooses the same as a hub does.
 * @throws {@link ParleyError} `E_INTERRUPTED`
 */
export async function chooseHere(
  candidates: readonly Candidate[],
  options: ChooseHereOptions,
): Promise<Selection> {
  const { pipeline, seed, requirements, signal } = options;
  const random = seed === undefined ? Math.random : seededRandom("select", seed);
  const selection = await pipeline.select(candidates, { requirements, random, signal });
  if (signal.aborted) throw new ParleyError("E_INTERRUPTED", "Interrupted; nothing was chosen.");
  const chosen = candidates.find(({ workerId }) => workerId === selection.worker_id);
  return noteReadings(selection, { requirements, part: chosen?.proposal?.model });
}

function requirementsOf(negotiation: NegotiationAnswer, now: number): ChooseHereOptions["requirements"] {
  return negotiation.requirements ?? understand(negotiation.user_prompt, undefined, now).requirements;
}
