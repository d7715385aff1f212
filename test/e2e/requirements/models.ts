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
  "LLM-11": {
    source: "reference, rule-based secretary; decision 13",
    says: "A worker's model reads words that no rule reads into requirements, which are marked as its reading.",
  },
  "LLM-12": {
    source: "decision 13, a model may not change what rules read",
    says: "A reading changes nothing the request states, and is taken whole or not at all.",
  },
  "LLM-13": {
    source: "design, a model never decides feasibility",
    says: "A reading can add only what becomes a required clause on the site's facts.",
  },
  "LLM-14": {
    source: "design, facts outrank claims; upstream hub, S10 prompt injection",
    says: "Facts, policy and budget are judged after the model, which is told words and nothing private.",
  },
  "LLM-15": {
    source: "design, every outside call is bounded",
    says: "A provider that hangs, fails, or answers junk leaves the rules' answer, which says that it was not heard.",
  },
  "LLM-16": {
    source: "design, the hub re-evaluates on facts; decision 3",
    says: "A hub judges what a site's model read, says it with the choice, and dispatches the job as it was read.",
  },
  "LLM-17": {
    source: "design, facts outrank claims",
    says: "A site that lies about a reading gains nothing that its facts do not bear.",
  },
  "LLM-18": {
    source: "coverage, agentic selection",
    says: "A hub with a model chooses by agentic over its tools and REST, with the explanation on record.",
  },
  "LLM-19": {
    source: "coverage, agentic selection",
    says: "A hub without a model refuses agentic in one sentence with the flags that name one, before a site is asked.",
  },
  "LLM-20": {
    source: "coverage, a missing key names the variable; upstream hub, T3",
    says: "A worker or hub whose key or package is missing starts, says what to do, and tells those who ask.",
  },
  "LLM-21": {
    source: "design, every outside call is bounded",
    says: "An hour's tokens bound what strangers' questions can cost a hub or a worker.",
  },
  "LLM-22": {
    source: "coverage, --llm-backend --llm-model --llm-api-base on workers",
    says: "Flags, variables and file keys name the model of a hub or worker; what cannot be is refused by name.",
  },
} as const satisfies Record<string, Requirement>;
