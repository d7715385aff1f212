import { ParleyError } from "@parley/core";
import type { Selection } from "@parley/core";
import { oneLine } from "@parley/llm";
import type { ChatModel } from "@parley/llm";
import { defineStrategy } from "../define-strategy.ts";
import type { Ranking } from "../define-strategy.ts";
import { isEligible, readEntries } from "../entry.ts";
import type { EligibleEntry } from "../entry.ts";
import { compareIds } from "../order.ts";
import { queueInWords, startInWords } from "../simple-strategies.ts";
import type { Candidate, SelectContext, Strategy } from "../strategy.ts";
import { weighted } from "../weighted.ts";
import { askModel } from "./ask-model.ts";

const name = "agentic";
const description = "A model ranks what passed the gate and words why; without its answer, another strategy.";
const longestFault = 400;

/** Options of {@link createAgenticStrategy}. */
export interface AgenticOptions {
  /** Who is asked. Absent: nobody, and the fallback chooses. */
  readonly model?: ChatModel | undefined;
  /** Why there is no model, for the explanation. Default that none was given. */
  readonly noModel?: string | undefined;
  /** What chooses where the model's answer cannot be followed. Default `weighted`. */
  readonly fallback?: Strategy | undefined;
  /** Milliseconds for the whole question, one correction included. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Tokens the model may read and write for one choice, by a safe estimate. Default 40,000. */
  readonly maxTokens?: number | undefined;
}

/**
 * Lets a model rank the offers that passed the gate. It gets figures, and what sites say as quoted data; it never sees
 * an offer that may not be chosen, nor the job's command or environment. An answer that does not fit, a time-out, a
 * refusal or a missing model leaves the choice to the fallback, and the explanation says why.
 */
export function createAgenticStrategy(options: AgenticOptions = {}): Strategy {
  const { model, noModel = "no model was given", fallback = weighted } = options;
  const { timeoutMs = 60_000, maxTokens = 40_000 } = options;
  const asked = model === undefined ? {} : { model: model.id };

  async function rank(candidates: readonly Candidate[], context: SelectContext): Promise<Selection> {
    if (model === undefined) throw new ParleyError("E_LLM_REFUSED", `${sentence(noModel)}.`);
    const entries = readEntries(candidates).filter(isEligible);
    const { ranked: scored } = await weighted.select(candidates, context);
    const { requirements, signal } = context;
    const answer = await askModel(model, { entries, scored, requirements, maxTokens, timeoutMs, signal });
    const reasons = new Map(answer.opinions.map(({ id, reason }) => [id, reason]));
    const order = [...reasons.keys(), ...scored.map(({ workerId }) => workerId)];
    const byId = new Map(entries.map((entry) => [entry.workerId, entry]));
    const rankings = [...new Set([...order, ...[...byId.keys()].toSorted(compareIds)])].flatMap((id) => {
      const entry = byId.get(id);
      return entry === undefined ? [] : [ranking(entry, reasons.get(id), model.id)];
    });
    const selection = await by(() => rankings).select(candidates, context);
    const tokens = answer.tokens === undefined ? {} : { tokens: answer.tokens };
    return { ...selection, metadata: { ...selection.metadata, ...asked, ...tokens } };
  }

  return {
    ...by(() => []),
    async select(candidates, context) {
      if (!readEntries(candidates).some(isEligible)) return by(() => []).select(candidates, context);
      try {
        return await rank(candidates, context);
      } catch (error) {
        const fault = faultOf(error);
        if (context.signal?.aborted === true) return takenBack(fault);
        const other = await fallback.select(candidates, context);
        const metadata = {
          ...other.metadata,
          ...asked,
          tried: [name, ...other.metadata.tried],
          fallback: fault,
        };
        return { ...other, reasoning: `${other.reasoning} No model was followed: ${fault}`, metadata };
      }
    },
  };
}

function by(rank: () => readonly Ranking[]): Strategy {
  return defineStrategy({ name, description, rank });
}

/** The figures are code's; the words are the model's, and marked as such. */
function ranking(entry: EligibleEntry, words: string | undefined, model: string): Ranking {
  const figures = `${startInWords(entry)}, ${queueInWords(entry)}`;
  const said = words === undefined ? `${model} does not rank it` : `${model} says "${words}"`;
  return { workerId: entry.workerId, reason: `${figures}; ${said}` };
}

function faultOf(error: unknown): string {
  const own = ParleyError.isInstance(error);
  return oneLine(own ? error.message : "the model failed in a way of its own.", longestFault);
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`.replace(/\.$/, "");
}

/** Whoever asked has left: nothing is chosen for them. */
function takenBack(reasoning: string): Selection {
  return { worker_id: null, status: "REJECTED", reasoning, ranked: [], metadata: { tried: [name] } };
}
