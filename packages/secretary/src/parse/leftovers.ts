import { numberWords, requirementWords, stopWords } from "../vocabulary/index.ts";
import type { Reading } from "./mask.ts";
import { readMark, refusedMark } from "./marks.ts";

const shellSyntax = /[`$|&<>\\#{}*^;]|~\/|(?<![\w.])\/\w/;
/** Letters of two alphabets in one word pass for others to the eye. */
const mixedScript =
  /\p{Script=Latin}[\p{Script=Greek}\p{Script=Cyrillic}]|[\p{Script=Greek}\p{Script=Cyrillic}]\p{Script=Latin}/u;
const fileName = /[\w-]{2}\.[a-z]\w{0,5}(?!\w)/i;
const vague =
  /\b(?:lots?|plenty|enough|many|several|some|few|sufficient|huge|big|bigger|large|larger|largest|fast|faster|powerful|more|most|fewer|hundreds|thousands|dozens|multiple|adequate|beefy|decent|good)(?: of)?(?: \w{1,20})? (?:nodes?|cores?|machines?|threads?|ranks?|processors?|memory|ram|hosts?|servers?|gpus?|disks?|storage|space|licen[cs]es?)\b/;
const modal =
  /\b(?:must|requires?|required|never|avoid|without|except|unless|mandatory|forbidden|prohibited|not allowed|at least|at most|no more than|no less than|no later than)\b/;
const filler = new Set(
  `a an the and or but so then also it its this that these those i we you me us my our your to of for on in at with by from as is are be been
was were will would should shall can could may might must have has had do does did need needs want get give find make please only not no never
required require requires at least most more than job jobs run runs running work task there here all any some each per which who what when where while if`.split(
    /\s+/,
  ),
);

/** Whether an unread fragment says something a site would have to know. */
function matters(fragment: string): boolean {
  if (/\p{N}/u.test(fragment.replace(/\b[1-4](?:D\b|d(?= ?-?[a-z]))/g, "")) || shellSyntax.test(fragment))
    return true;
  if (mixedScript.test(fragment) || fileName.test(fragment)) return true;
  const words = fragment.toLowerCase().match(/[\p{L}'-]+/gu) ?? [];
  if (
    words.some(
      (word) =>
        requirementWords.has(word) ||
        requirementWords.has(word.replace(/s$/, "")) ||
        (word !== "one" && Object.hasOwn(numberWords, word)),
    )
  )
    return true;
  const lowered = fragment.toLowerCase();
  if (vague.test(lowered)) return true;
  return modal.test(lowered) && words.some((word) => !filler.has(word));
}

/** `Disk:` in front of words that were read names them and asks for nothing itself. */
function isLabel(fragment: string, behind: string): boolean {
  return /^[:=][ \n]?$/.test(behind.slice(0, 2)) && /^[\p{L} -]{2,32}$/u.test(fragment);
}

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

/** The clauses that no rule understood, in the request's own words and order. */
export function readLeftovers(reading: Reading): string[] {
  const marks = marksOver(reading);
  const { text } = reading;
  const found: string[] = [];
  const close = (start: number, end: number): void => {
    let from = start;
    const keep = (to: number): void => {
      const fragment = text.slice(from, to).replace(edges, "");
      if (/^[|*/&]$/.test(fragment)) return;
      if (isLabel(fragment, text.slice(to, to + 2)) && marks[to + 2] === readMark) return;
      const refused = marks.slice(from, to).includes(refusedMark);
      const listed =
        marks[start - 1] === readMark &&
        /^[\s,|/+-]*$/.test(text.slice(start, from)) &&
        /^(?: ?[,|/;.\n]|$)/.test(text.slice(to, to + 2)) &&
        isListed(fragment, text.slice(start, to));
      if (fragment !== "" && (refused || listed || matters(fragment))) found.push(fragment);
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
