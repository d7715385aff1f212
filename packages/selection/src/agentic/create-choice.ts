import { createPipeline } from "../pipeline.ts";
import { defaultPipeline, findStrategy } from "../strategies.ts";
import type { Strategy } from "../strategy.ts";
import { createAgenticStrategy } from "./create-agentic.ts";
import type { AgenticOptions } from "./create-agentic.ts";

/** Whether a strategy found by its name asks a model, and so needs one. */
export function asksModel(strategy: Strategy): boolean {
  return strategy === findStrategy("agentic");
}

/** Strategies in order, `weighted` where there are none; those after `agentic` choose where its model is not followed. */
export function createChoice(
  strategies: readonly Strategy[],
  asking: Omit<AgenticOptions, "fallback">,
): Strategy {
  if (strategies.length === 0) return defaultPipeline();
  const at = strategies.findIndex((strategy) => asksModel(strategy));
  if (at === -1) return createPipeline(strategies);
  const rest = strategies.slice(at + 1).filter((strategy) => !asksModel(strategy));
  const fallback = rest.length === 0 ? undefined : createPipeline(rest);
  return createPipeline([...strategies.slice(0, at), createAgenticStrategy({ ...asking, fallback })]);
}
