import { z } from "zod";

/** The arguments tools share. Each description ends in an example. */

export const Confirm = z
  .boolean()
  .default(false)
  .describe("Goes on where the call would destroy something, for example: true");

export const Limit = z
  .number()
  .int()
  .min(1)
  .max(500)
  .default(50)
  .describe("Entries of one answer, for example: 50");

export const Cursor = z
  .string()
  .max(64)
  .optional()
  .describe("next_cursor of the answer before, for example: 50");

export const TimeoutSeconds = z
  .number()
  .min(1)
  .max(86_400)
  .describe("Seconds to wait at most; then the answer says how far it came; for example: 30");
