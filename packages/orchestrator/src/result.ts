import { z } from "zod";

/** What the queue keeps as the result of a task: what was made, and what speaks for it. */
export const TaskResult = z.strictObject({
  output: z.unknown(),
  verdicts: z
    .array(
      z.object({
        type: z.string(),
        verdict: z.enum(["pass", "fail", "inconclusive"]),
        detail: z.string().optional(),
      }),
    )
    .default([]),
  /** Executor, model or client that made it. */
  by: z.string().optional(),
  usage: z
    .object({
      costUsd: z.number().optional(),
      inputTokens: z.number().optional(),
      outputTokens: z.number().optional(),
    })
    .optional(),
});
export type TaskResult = z.infer<typeof TaskResult>;

/** A stored result; one that something else wrote is an output without verdicts. */
export function readResult(stored: unknown): TaskResult {
  const parsed = TaskResult.safeParse(stored);
  return parsed.success && typeof stored === "object" ? parsed.data : { output: stored, verdicts: [] };
}

/** What was made and waits for its checks, kept so that a crash or a person's decision does not make it again. */
const Kept = z.object({ checkpoint: TaskResult });

/** The result that an earlier attempt made and did not get checked. */
export function readCheckpoint(progress: unknown): TaskResult | undefined {
  return Kept.safeParse(progress).data?.checkpoint;
}
