import { parseDurationSeconds } from "@parley/core";
import { z } from "zod";

/** The arguments tools share. Each description ends in an example. */

const idRule = "is an id such as f2P5pCuM, or decimal";

/** An F58 id, with or without the fancy f, or a decimal one, as text or as a number. */
export const JobId = z
  .union([
    z.string().regex(/^(?:[fƒ][1-9A-HJ-NP-Za-km-z]{1,12}|\d{1,20})$/u, idRule),
    z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  ])
  .transform(String)
  .describe("ID of the job, as another tool answered it, for example: f2P5pCuM");

export const Uri = z
  .string()
  .max(500)
  .optional()
  .describe(
    "Address of another Flux instance; default the server's own; for example: local:///run/flux/local",
  );

export const Confirm = z
  .boolean()
  .default(false)
  .describe("Goes on where the call would destroy something, for example: true");

const rule = "is one line without control characters";
/** A word or sentence of one line. */
export const Line = z
  .string()
  .min(1)
  .max(250)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, rule);

const queueRule = "is a word of letters, digits, dots, dashes and underscores";
export const QueueName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, queueRule)
  .optional()
  .describe("Queue, as flux_list_queues names it; default the instance's; for example: batch");

/** Seconds, or a duration in Flux's form or a clock's. */
export const Duration = z
  .union([z.number().min(0).max(1e9), z.string().max(40)])
  .transform((given, context) => {
    const seconds = typeof given === "number" ? given : parseDurationSeconds(given);
    if (seconds !== undefined) return seconds;
    context.addIssue(`${JSON.stringify(given)} is no duration: write seconds, 30m, 1.5h or 01:30:00`);
    return z.NEVER;
  });

export const WaitSeconds = z
  .number()
  .min(0)
  .max(86_400)
  .default(45)
  .describe("Seconds to wait at most; as a task it waits to the end; for example: 45");

/** A jobspec as JSON or YAML text, or as the object itself. */
export const JobspecText = z.union([z.string().min(1).max(4_000_000), z.record(z.string(), z.unknown())]);

export const Cursor = z
  .string()
  .regex(/^\d{1,15}$/, "is a cursor of an earlier answer")
  .optional()
  .describe("Goes on after an earlier answer, with its next_cursor, for example: 65536");

export const MaxBytes = z
  .number()
  .int()
  .min(16)
  .max(200_000)
  .default(20_000)
  .describe("Most bytes of output in the answer, for example: 20000");
