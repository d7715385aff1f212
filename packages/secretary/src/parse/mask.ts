import type { JobRequirements, MatchSpan } from "@parley/core";
import { readCommands } from "./commands.ts";
import { readMark, refusedMark, type Outcome } from "./marks.ts";
import { rewriteNumbers } from "./numbers.ts";

/** One place where a rule's pattern matched. */
export interface Hit {
  /** The match and its groups in lower case with digits for number words. */
  readonly groups: readonly (string | undefined)[];
  readonly start: number;
  readonly end: number;
  readonly reading: Reading;
}

/** A pattern (global, every quantifier bounded) and what to do where it matches. */
export interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
  read(hit: Hit): Outcome;
}

/** Facts about the world a request is read in. */
export interface ReadingContext {
  readonly nowMilliseconds: number;
  readonly timeZone: string;
  /** Names in lower case that are no misspelling: clusters and what their inventories report. */
  readonly names: ReadonlySet<string>;
}

/** The state of reading one request. */
export interface Reading {
  /** The normalised request. */
  readonly text: string;
  readonly context: ReadingContext;
  readonly draft: JobRequirements;
  readonly spans: MatchSpan[];
  readonly offsets: Uint32Array;
  /** The rewritten request with marks over what has been read; as long as the unmasked one. */
  work: string;
}

/** Starts reading a normalised request. */
export function createReading(text: string, context: ReadingContext): Reading {
  const draft: JobRequirements = { schema: "job-requirements/1", intent: "run", unresolved: [] };
  const { masked, spans } = readCommands(text, draft);
  const { text: work, offsets } = rewriteNumbers(masked, context.names);
  return { text, context, draft, spans, offsets, work };
}

/** The request's own words between two positions of the rewritten text. */
export function wordsBetween(reading: Reading, start: number, end: number): string {
  return reading.text.slice(reading.offsets[start], reading.offsets[end]);
}

/** The request's own spelling of a group that stands literally inside the match. */
export function spelling(hit: Hit, group: number): string {
  const words = hit.groups[group] ?? "";
  const at = (hit.groups[0] ?? "").lastIndexOf(words);
  return wordsBetween(hit.reading, hit.start + at, hit.start + at + words.length);
}

/** What the span that ends where the match begins was read as. */
export function endingAt(hit: Hit): string | undefined {
  const at = hit.reading.offsets[hit.start] ?? 0;
  return hit.reading.spans.findLast((span) => span.end === at)?.path;
}

function record(reading: Reading, found: Omit<MatchSpan, "text">): void {
  const start = reading.offsets[found.start] ?? 0;
  const end = reading.offsets[found.end] ?? reading.text.length;
  if (start < end) reading.spans.push({ ...found, start, end, text: reading.text.slice(start, end) });
}

/** Whether a match would begin in the middle of a word, as `and` does in `infiniband`. */
function insideWord(text: string, at: number): boolean {
  return at > 0 && /^\p{L}\p{L}$/u.test(text.slice(at - 1, at + 1));
}

const denial =
  /(?:(?<![\w-])(?:no|not|never|without|avoid(?:ing)?|cannot|except|neither|nor)|n't)(?: (?:use|using|need|want|require|have|any|an?|the|on|in|to|be|for|of|really|necessarily)){0,3} $/;
const deniedBehind =
  /^,? ?(?:(?:is|are|was|be|should be|must be)(?: (?:absolutely|strictly|really|actually))?)? ?(?:(?:not|n't|isn't|aren't)(?: (?:really|strictly|absolutely|be))? (?:needed|required|necessary|wanted|allowed|permitted|mandatory|acceptable|an option)|(?:forbidden|prohibited|banned|unnecessary|unneeded|disallowed|off[- ]limits|unwanted)(?![\w-]))/;

/**
 * Reads a match unless the words around it deny it: `not arm`, `containers are forbidden`. A rule that understands
 * a denial has it inside its match; what no rule understands so is reported and never taken for the wish itself.
 */
function readUnlessDenied(rule: Rule, hit: Hit): Outcome {
  const { reading, start, end } = hit;
  const draft = { ...reading.draft };
  const outcome = rule.read({ ...hit, reading: { ...reading, draft } });
  if (outcome === undefined) return undefined;
  const stop = outcome === "refused" ? end : (outcome.end ?? end);
  const denied =
    denial.test(reading.work.slice(Math.max(0, start - 48), start)) ||
    deniedBehind.test(reading.work.slice(stop, stop + 48));
  if (denied) return "refused";
  Object.assign(reading.draft, draft);
  return outcome;
}

/** Applies one rule wherever its pattern matches what is still unread. */
export function applyRule(rule: Rule, reading: Reading): void {
  const { pattern } = rule;
  pattern.lastIndex = 0;
  const pieces: string[] = [];
  let done = 0;
  for (let match = pattern.exec(reading.work); match; match = pattern.exec(reading.work)) {
    const end = match.index + match[0].length;
    if (match[0] === "" || insideWord(reading.work, match.index)) {
      pattern.lastIndex = match.index + 1;
      continue;
    }
    const outcome = readUnlessDenied(rule, { groups: match, start: match.index, end, reading });
    if (outcome === undefined) continue;
    pieces.push(reading.work.slice(done, match.index));
    if (outcome === "refused") {
      pieces.push(refusedMark.repeat(end - match.index));
      done = end;
    } else {
      done = outcome.end ?? end;
      record(reading, { start: match.index, end: done, path: outcome.path, rule: rule.name });
      pieces.push(readMark.repeat(done - match.index));
    }
    pattern.lastIndex = done;
  }
  if (done > 0) reading.work = pieces.join("") + reading.work.slice(done);
}
