import type { Requirement } from "./requirement.ts";

/** Choosing with a model. */
export const models = {
  "LLM-01": {
    source: "coverage, agentic selection",
    says: "agentic follows a model's ranking of what passed the gate; the record has its words and its identity.",
  },
  "LLM-02": {
    source: "design, facts are made by code",
    says: "An answer that does not fit falls back to a deterministic strategy, and the explanation says why.",
  },
  "LLM-03": {
    source: "coverage, agentic selection",
    says: "A model that is silent or missing falls back the same way.",
  },
  "LLM-04": {
    source: "upstream hub, S10 prompt injection",
    says: "What sites say reaches a model as fenced, bounded data, never as instructions.",
  },
  "LLM-05": {
    source: "upstream hub, S10 prompt injection",
    says: "Whatever a model answers, nothing is chosen that the gate did not pass.",
  },
  "LLM-06": {
    source: "design, no secrets in what leaves",
    says: "A model is not told the job's command, its environment, or offers that cannot be chosen.",
  },
  "LLM-07": {
    source: "design, every outside call is bounded",
    says: "A budget of tokens bounds what a model reads and writes for one choice.",
  },
  "LLM-08": {
    source: "coverage, --llm-backend --llm-model --llm-api-base",
    says: "resource-ask select and negotiate choose with a real, scripted or replayed model from the command line.",
  },
  "LLM-09": {
    source: "coverage, a missing key names the variable",
    says: "A missing key is said with its variable, and nothing is sent.",
  },
  "LLM-10": {
    source: "coverage, a missing package yields the npm command",
    says: "A missing package of a model backend is said with the npm command that installs it.",
  },
} as const satisfies Record<string, Requirement>;
