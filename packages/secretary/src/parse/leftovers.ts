import { stopWords } from "../vocabulary/index.ts";
import type { Reading } from "./mask.ts";
import { readMark, refusedMark } from "./marks.ts";
import { restOfAmount } from "./rules/vague-amounts.ts";
import { filler, matters, namesProgram, someDay } from "./mattering.ts";

/** `Disk:` in front of words that were read names them and asks for nothing itself. */
function isLabel(fragment: string, behind: string): boolean {
  return /^[:=][ \n]?$/.test(behind.slice(0, 2)) && /^[\p{L} -]{2,32}$/u.test(fragment);
}

/** Behind words that were read as a requirement, these take some of it back. */
const wish =
  /^(?:(?:is|are) )?(?:preferred|optional|if (?:possible|available)|would be (?:nice|great)|nice to have)$/;

/** Behind a requirement, another choice: `partition debug or short`. */
const choice =
  /^or (?!so\b|better|more|less|later|newer|older|higher|similar|equivalent|something|anything|whatever|maybe|even|perhaps|any\b|other|an?\b|the\b|else|possibly)\w/;
/** Behind software, more of it: `R with Bioconductor`. */
const company = /^(?:with|and|plus|including) ([a-z][\w.+-]{2,30})$/;

const courtesy = new Set(
  "thanks thank cheers regards ciao danke merci please pls plz kindly best bye asap lol okay yes yeah sure sorry etc urgent urgently preferably ideally optionally maybe perhaps possibly otherwise".split(
    " ",
  ),
);

/** A lone word in a list behind something that was read, `16 cores, frobnicator`, is asked for as well. */
function isListed(fragment: string, around: string): boolean {
  return (
    /^[a-z][a-z0-9_+-]{2,30}$/.test(fragment) &&
    /^\s?[,/|+] ?[a-z]/.test(around) &&
    !courtesy.has(fragment) &&
    !stopWords.has(fragment) &&
    !filler.has(fragment)
  );
}

/** Whether words right behind something that was read say more about it than its rule understood. */
function takesBack(fragment: string, path: string): boolean {
  const companion = company.exec(fragment)?.[1];
  const more =
    path.startsWith("software") &&
    companion !== undefined &&
    !stopWords.has(companion) &&
    !filler.has(companion) &&
    !courtesy.has(companion);
  return wish.test(fragment) || choice.test(fragment) || more;
}

/** Marks the original text where rules have read it. */
function marksOver(reading: Reading): string[] {
  const marks = Array.from({ length: reading.text.length }, () => "");
  for (let index = 0; index < reading.work.length; index += 1) {
    const mark = reading.work[index];
    if (mark !== readMark && mark !== refusedMark) continue;
    marks.fill(
      mark,
      reading.offsets[index],
      Math.max(reading.offsets[index + 1] ?? 0, (reading.offsets[index] ?? 0) + 1),
    );
  }
  for (const span of reading.spans) marks.fill(readMark, span.start, span.end);
  return marks;
}

const boundary = /[.,:!?]+(?=\s|$)|[;\n]+/g;
const edges = /^(?:[\s.,:;!?()[\]"'`]|-(?!\w))+|[\s.,:;!?()[\]"'`-]+$/g;

/** Whether a fragment matters to this request, of which some is known. */
function mattersTo({ draft }: Reading): (fragment: string) => boolean {
  const nameless = !draft.software && draft.execution?.command === undefined && !draft.container;
  const undated = draft.time?.deadlineAt === undefined && draft.time?.notBeforeAt === undefined;
  return (fragment) =>
    matters(fragment) ||
    (undated && someDay.test(fragment.toLowerCase())) ||
    (nameless && namesProgram(fragment));
}

/** The clauses that no rule understood, in the request's own words and order. */
export function readLeftovers(reading: Reading): string[] {
  const marks = marksOver(reading);
  const { text } = reading;
  const says = mattersTo(reading);
  const found: string[] = [];
  const before = (at: number): string | undefined =>
    reading.spans.find(({ end }) => end === at || end === at - 1)?.path;
  const close = (start: number, end: number): void => {
    let from = start;
    const keep = (to: number): void => {
      const refused = marks.slice(from, to).includes(refusedMark);
      const end = to + (refused ? restOfAmount(text.slice(from, to), text.slice(to)) : 0);
      const fragment = text.slice(from, end).replace(edges, "");
      if (/^[|*/&]?$/.test(fragment)) return;
      if (isLabel(fragment, text.slice(to, to + 2)) && marks[to + 2] === readMark) return;
      const listed =
        marks[start - 1] === readMark &&
        /^[\s,|/+-]*$/.test(text.slice(start, from)) &&
        /^(?: ?[,|/;.\n]|$)/.test(text.slice(to, to + 2)) &&
        isListed(fragment, text.slice(start, to));
      const behind = marks[start - 1] === readMark && from === start ? before(start) : undefined;
      const more = behind !== undefined && takesBack(fragment.toLowerCase(), behind);
      if (refused || listed || more || says(fragment)) found.push(fragment);
    };
    for (const stop of text.slice(start, end).matchAll(boundary)) {
      keep(start + stop.index);
      from = start + stop.index + stop[0].length;
    }
    keep(end);
  };
  let start = 0;
  for (let index = 0; index <= text.length; index += 1) {
    if (index < text.length && marks[index] !== readMark) continue;
    if (index > start) close(start, index);
    start = index + 1;
  }
  return found;
}
