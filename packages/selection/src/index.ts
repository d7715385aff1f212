/** Chooses among proposals, and says why. */

export type { Candidate, Gate, SelectContext, Strategy } from "./strategy.ts";
export { defineStrategy } from "./define-strategy.ts";
export type { Ranking, StrategyDefinition } from "./define-strategy.ts";
export type { EligibleEntry, Entry } from "./entry.ts";

export { defaultPipeline, findStrategy, strategies } from "./strategies.ts";
export { createAgenticStrategy } from "./agentic/create-agentic.ts";
export type { AgenticOptions } from "./agentic/create-agentic.ts";
export { asksModel, createChoice } from "./agentic/create-choice.ts";
export { createPipeline } from "./pipeline.ts";
export { deriveWeights } from "./weights.ts";

export { gateCandidate } from "./gate.ts";
export { readProposal, readProposals } from "./read-proposals.ts";
export type { ReadProposalsOptions } from "./read-proposals.ts";
