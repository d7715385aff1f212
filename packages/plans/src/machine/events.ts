import { z } from "zod";

const Text = z.string();
const Count = z.number().int().min(0);
const place = { step: Text, visit: Count, attempt: Count };
const Values = z.record(Text, z.unknown());

/** Why something failed. */
export const Fault = z.object({ code: Text, message: Text });
export type Fault = z.infer<typeof Fault>;

/** What an attempt consumed; absent is unknown. */
export const Used = z.object({
  durationMs: z.number().min(0),
  calls: Count,
  inputTokens: Count.optional(),
  outputTokens: Count.optional(),
  costUsd: z.number().min(0).optional(),
});
export type Used = z.infer<typeof Used>;

/** Events that move a run on. */
const moves = [
  z.object({
    type: z.literal("run.started"),
    plan: Text,
    /** The step it begins with. */
    initial: Text,
    /** Digest of the plan's file and of those it names. */
    hash: Text,
    file: Text.optional(),
    inputs: Values,
  }),
  z.object({ type: z.literal("run.resumed") }),
  z.object({ type: z.literal("step.entered"), step: Text, visit: Count }),
  /** Comes before the first side effect of the attempt; a second one of the same number goes on with it. */
  z.object({
    type: z.literal("attempt.started"),
    ...place,
    inputs: Values,
    /** Whether it may be made again when it was cut off. */
    repeatable: z.boolean(),
  }),
  z.object({
    type: z.literal("attempt.finished"),
    ...place,
    event: Text,
    outputs: Values,
    error: Fault.optional(),
    /** Set where another attempt would fail as well. */
    final: z.boolean().optional(),
    used: Used,
  }),
  /** A call was cut off, and may have been done. */
  z.object({ type: z.literal("attempt.unknown"), ...place, error: Fault, used: Used }),
  /** What somebody said about such a call. */
  z.object({ type: z.literal("attempt.assumed"), ...place, as: z.enum(["repeat", "success", "failure"]) }),
  z.object({ type: z.literal("transition"), step: Text, event: Text, to: Text, error: Fault.optional() }),
  z.object({ type: z.literal("run.stopped"), error: Fault }),
  z.object({
    type: z.literal("run.ended"),
    status: z.enum(["success", "failure"]),
    outputs: Values,
    error: Fault.optional(),
  }),
] as const;

/** Events within an attempt: what was asked, said and called, as it happened. */
const details = [
  z.object({
    type: z.literal("model.asked"),
    ...place,
    messages: z.array(z.object({ role: z.enum(["user", "assistant"]), content: Text })),
  }),
  z.object({
    type: z.literal("model.replied"),
    ...place,
    text: Text,
    calls: z.array(z.object({ id: Text, name: Text, arguments: Values })),
    stop: z.enum(["end", "tools", "length", "filtered", "other"]),
    used: Used,
  }),
  z.object({
    type: z.literal("call.started"),
    ...place,
    id: Text,
    server: Text.optional(),
    tool: Text,
    arguments: Values,
    repeatable: z.boolean(),
  }),
  /** A call goes on at its server, where its result is asked for. */
  z.object({ type: z.literal("call.outlives"), ...place, id: Text, task: Text, poll: Text }),
  z.object({
    type: z.literal("call.finished"),
    ...place,
    id: Text,
    tool: Text,
    text: Text,
    structured: Values.optional(),
    isError: z.boolean(),
  }),
  z.object({
    type: z.literal("question"),
    ...place,
    id: Text,
    text: Text,
    options: z.array(Text).optional(),
  }),
  z.object({ type: z.literal("answer"), ...place, id: Text, answer: Text }),
  z.object({ type: z.literal("log"), ...place, level: Text, message: Text }),
] as const;

export const MoveEvent = z.discriminatedUnion("type", [...moves]);
export type MoveEvent = z.infer<typeof MoveEvent>;

export const DetailEvent = z.discriminatedUnion("type", [...details]);
export type DetailEvent = z.infer<typeof DetailEvent>;

/** One entry of a run's log. */
export const RunEvent = z.discriminatedUnion("type", [...moves, ...details]);
export type RunEvent = z.infer<typeof RunEvent>;
