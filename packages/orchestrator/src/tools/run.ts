import { defineTool } from "@parley/tool-registry";
import type { Tool } from "@parley/tool-registry";
import { z } from "zod";
import type { Executor, Verifier } from "../port.ts";
import type { Desk } from "./desk.ts";
import { present } from "./views.ts";

const Report = z.object({
  processed: z.int(),
  completed: z.int(),
  failed: z.int(),
  elapsed_seconds: z.number(),
  attempts: z.int(),
  /** Wait for somebody's answer. */
  waiting: z.int(),
  /** `tripped`: safety let no further attempt begin; the tasks are where they were. */
  stopped: z.enum(["drained", "max_tasks", "tripped", "interrupted"]),
  trip: z.object({ reason: z.string(), message: z.string() }).optional(),
});

const limit = <Shape extends z.ZodType>(shape: Shape, what: string) => shape.optional().describe(what);

/** Types and what they do, for the description of the tool. */
function kinds(given: ReadonlyMap<string, Executor | Verifier>): string {
  return [...given.values()].map(({ type, description }) => `${type} (${description})`).join(" ") || "none";
}

export function runOrchestratorTool({ orchestrator }: Desk): Tool {
  const { executors, verifiers, safety } = orchestrator;
  return defineTool({
    name: "run_orchestrator",
    description: `Does pending tasks that say how they are done, until none is left or a limit is reached. Executors: ${kinds(executors)} Verifiers: ${kinds(verifiers)} Their fields are in task://actions.`,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    scope: "dispatch",
    task: "optional",
    input: z.object({
      max_tasks: z.int().min(1).max(10_000).default(10).describe("Maximum tasks to process in this run"),
      concurrency: z.int().min(1).max(32).default(1),
      max_attempts: limit(z.int().min(1), "Attempts of this run, over all its tasks"),
      max_seconds: limit(z.number().positive(), "Time of this run"),
      max_cost_usd: limit(z.number().positive(), "What models may cost in this run"),
      max_tokens: limit(z.int().min(1), "What models may read and write in this run"),
      reset_safety: z.boolean().default(false).describe("true: close a breaker that is open, and count anew"),
    }),
    output: Report,
    async handler(given, context) {
      if (given.reset_safety) safety.reset();
      const report = await orchestrator.run({
        maxTasks: given.max_tasks,
        concurrency: given.concurrency,
        limits: {
          maxIterations: given.max_attempts,
          maxWallSeconds: given.max_seconds,
          maxCostUsd: given.max_cost_usd,
          maxTokens: given.max_tokens,
        },
        signal: context.signal,
        onProgress: ({ processed, completed, failed }) =>
          context.progress(processed, given.max_tasks, `${completed} completed, ${failed} failed`),
      });
      const { elapsedSeconds, trip, ...counts } = report;
      return { ...counts, elapsed_seconds: elapsedSeconds, ...present({ trip }) };
    },
  });
}
