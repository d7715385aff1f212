import type { Selection } from "@parley/core";
import type { Strategy } from "./strategy.ts";

/**
 * Tries strategies in order; the first that selects wins and is named in `metadata.algorithm`. When all fail the
 * selection is REJECTED with the reason of each.
 */
export function createPipeline(strategies: readonly Strategy[]): Strategy {
  const names = strategies.map(({ name }) => name);
  return {
    name: names.join(",") || "pipeline",
    toolName: "select_pipeline",
    description: `Tries ${names.join(", then ") || "nothing"}.`,
    async select(candidates, context) {
      const tried: string[] = [];
      const failures: Selection[] = [];
      for (const strategy of strategies) {
        tried.push(strategy.name);
        const result = await attempt(strategy, () => strategy.select(candidates, context));
        if (result.status === "SELECTED") {
          const algorithm = result.metadata.algorithm ?? strategy.name;
          const fallbacks = result.metadata.tried.filter((name) => !tried.includes(name));
          return { ...result, metadata: { ...result.metadata, algorithm, tried: [...tried, ...fallbacks] } };
        }
        failures.push(result);
        if (context.signal?.aborted === true) break;
      }
      const reasons = failures.map(({ reasoning }, index) => `${tried[index] ?? ""}: ${reasoning}`);
      const reasoning = reasons.length === 0 ? "No strategy was given." : reasons.join(" ");
      return {
        worker_id: null,
        status: "REJECTED",
        reasoning,
        ranked: failures.at(-1)?.ranked ?? [],
        metadata: { tried },
      };
    },
  };
}

/** A strategy of someone else may throw all the same; that counts as its rejection. */
async function attempt(strategy: Strategy, select: () => Promise<Selection>): Promise<Selection> {
  try {
    return await select();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const reasoning = `The strategy failed: ${reason}`;
    return {
      worker_id: null,
      status: "REJECTED",
      reasoning,
      ranked: [],
      metadata: { tried: [strategy.name] },
    };
  }
}
