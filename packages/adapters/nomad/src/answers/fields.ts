import { z } from "zod";

/** Kinds of fields: Go writes null for what is empty. */

export const text = z
  .string()
  .nullish()
  .transform((found) => found ?? "");
export const number = z
  .number()
  .nullish()
  .transform((found) => found ?? 0);
export const truth = z
  .boolean()
  .nullish()
  .transform((found) => found ?? false);
export const texts = z
  .array(z.string())
  .nullish()
  .transform((found) => found ?? []);
export const numbers = z
  .record(z.string(), z.number())
  .nullish()
  .transform((found) => found ?? {});
export const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((found) => found ?? {});
