import { z } from "zod";
import { BatchField } from "./batch-job.ts";

/**
 * Why something of the source is not in the target as it was.
 *
 * - `no counterpart`: the target, or {@link BatchJob}, cannot say it; it was left out
 * - `approximated`: it was said in another way that is not quite the same
 * - `unknown`: no option of that scheduler, or a value it does not take; left out
 * - `overridden`: a later directive says something else
 * - `not a directive`: it looks like one, but its scheduler would not read it there
 * - `added`: the target needs it and the source does not say it
 * - `scheduler variable in body`, `scheduler command in body`, `modules in body`: the script counts on its site
 */
export const Why = z.enum([
  "no counterpart",
  "approximated",
  "unknown",
  "overridden",
  "not a directive",
  "added",
  "scheduler variable in body",
  "scheduler command in body",
  "modules in body",
]);
export type Why = z.infer<typeof Why>;

/** One line of a report. */
export const Loss = z.strictObject({
  /** As the source spells it (`--switches`, `-l mem`), or the field of the job. */
  directive: z.string(),
  /** Line of the source, from 1. */
  line: z.number().int().min(1).optional(),
  /** At most 200 characters. */
  value: z.string(),
  why: Why,
  /** `reading` the source, `writing` the target, or in the script's `body`. */
  where: z.enum(["reading", "writing", "body"]),
  /** One sentence: what it means, what to do. */
  note: z.string(),
  field: BatchField.optional(),
  /** Fields that say it instead, when the target is read again. */
  became: z.array(BatchField).optional(),
});
export type Loss = z.infer<typeof Loss>;
