import type { Hit } from "./mask.ts";

const counted =
  /\b(?:nodes?|machines?|servers?|hosts?|vms?|instances?|pods?|tasks?|ranks?|process(?:es)?|jobs?|runs|simulations|elements?|array)\b/g;

/** What `each` at this place refers to: the counted thing named last before it. */
export function eachOf(hit: Hit): "task" | "element" | "node" {
  const { text, offsets } = hit.reading;
  const start = offsets[hit.start] ?? 0;
  const nouns = text
    .slice(Math.max(0, start - 120), start)
    .toLowerCase()
    .match(counted);
  const last = nouns?.at(-1) ?? "node";
  if (/^(?:rank|process|pod)/.test(last)) return "task";
  if (!/^(?:task|job|runs|simulations|element|array)/.test(last)) return "node";
  const element =
    last.startsWith("array") ||
    /\barray\b|independent/.test(text.slice(Math.max(0, start - 120), start).toLowerCase());
  return element ? "element" : last.startsWith("task") ? "task" : "element";
}
