import { z } from "zod";
import type { Summary } from "./summaries.ts";

/** {@link Summary} as a part of a result. */
export const SummaryRecord = z.object({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  status: z.string(),
  why: z.string().optional(),
  created: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** An object in a line of text. */
export function saySummary({ kind, name, namespace, status, why, details }: Summary): string {
  const more = Object.entries(details).map(([key, value]) => `${key}=${String(value)}`);
  const line = [kind, namespace === undefined ? name : `${namespace}/${name}`, status, ...more];
  return `${line.filter((part) => part !== "").join("  ")}${why === undefined ? "" : `\n    ${why}`}`;
}
