import { z } from "zod";

/** What an executor or verifier is to do: its type, and what that type asks for. */
export const Action = z.looseObject({ type: z.string().min(1).max(64) });
export type Action = z.infer<typeof Action>;

/** What a task is about: the payload of the queue's task. */
export const TaskSpec = z.strictObject({
  description: z.string().min(1).max(20_000),
  /** Whatever the one who does it needs, as JSON. */
  input: z.unknown().optional(),
  /** Who does it; absent: a client that claims it. */
  execute: Action.optional(),
  /** What must hold of the result, in this order. */
  verify: z.array(Action).max(10).default([]),
});
export type TaskSpec = z.infer<typeof TaskSpec>;

/** A task's payload as a specification; one that something else submitted is described by its JSON. */
export function readSpec(payload: unknown): TaskSpec {
  const parsed = TaskSpec.safeParse(payload);
  if (parsed.success) return parsed.data;
  return { description: JSON.stringify(payload ?? null).slice(0, 2000), input: payload, verify: [] };
}

/** Queues by who works on them. */
export const queues = {
  /** Tasks that clients claim. */
  external: "default",
  /** Tasks that say how they are done. */
  automatic: "automatic",
} as const;
