import type { z } from "zod";

/** Kinds of values as an author of YAML knows them. */
const kinds: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a mapping (key: value)",
  record: "a mapping (key: value)",
  string: "a text",
};

const mismatch = /^Invalid input: expected (\w+), received (\w+)$/;

/** What is wrong with a value, for its author. */
export function wordsOf({ message }: z.core.$ZodIssue): string {
  const [, expected = "", received = ""] = mismatch.exec(message) ?? [];
  const wanted = kinds[expected];
  if (wanted === undefined) return message;
  if (received === "undefined") return `it is missing: write ${wanted}`;
  return `write ${wanted} here, not ${kinds[received] ?? (received === "null" ? "nothing" : received)}`;
}
