import { gpuName } from "./gpu-names.ts";
import type { Hit } from "./mask.ts";

const counted =
  /\b(?:nodes?|machines?|servers?|hosts?|vms?|instances?|pods?|tasks?|ranks?|process(?:es)?|jobs?|runs|simulations|elements?|array)\b/g;

/** The request's own words in front of a match, in lower case. */
function wordsAhead(hit: Hit): string {
  const { text, offsets } = hit.reading;
  const start = offsets[hit.start] ?? 0;
  return text.slice(Math.max(0, start - 120), start).toLowerCase();
}

/** What `each` at this place refers to: the counted thing named last before it. */
export function eachOf(hit: Hit): "task" | "element" | "node" {
  const ahead = wordsAhead(hit);
  const last = ahead.match(counted)?.at(-1) ?? "node";
  if (/^(?:rank|process|pod)/.test(last)) return "task";
  if (!/^(?:task|job|runs|simulations|element|array)/.test(last)) return "node";
  const element = last.startsWith("array") || /\barray\b|independent/.test(ahead);
  return element ? "element" : last.startsWith("task") ? "task" : "element";
}

const machine = "(?:nodes?|machines?|hosts?|servers?|box(?:es)?|workstations?|instances?|vms?|computers?)";
const having =
  "(?:with|having|that has|that have|has|have|needs?|requires?|must have|should have|gets?|wants?)";
const listed = new RegExp(
  `(?:\\b(?:each|every|per) ${machine}(?: ${having}|:)?|\\b${machine},? (?:each ${having}|${having}(?: each)?))` +
    `(?:[ ,;(]{1,2}(?:\\d[\\d.]{0,11}(?:x|[kmgt]i?b?|-core)?|x|at least|at most|up to|of|and|plus|with|&|\\+|[kmgt]i?b|gigs?|` +
    `ram|memory|vram|cores?|v?cpus?|processors?|gpus?|cards?|nvidia|amd|intel|local|disk|scratch|nvme|ssd|(?:${gpuName})s?)[,)]?){0,24}[ ,]{1,2}$`,
);

/**
 * Whether a match stands in a list of what every node has: behind `nodes with 4 GPUs and`, `each node needs`.
 * Any other word in between ends the list.
 */
export function behindNodes(hit: Hit): boolean {
  return listed.test(wordsAhead(hit)) && !/total|overall|in all/.test(hit.groups[0] ?? "");
}
