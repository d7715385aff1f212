import { numberWords } from "../vocabulary/index.ts";
import { figurePatterns, readFigure } from "./figures.ts";
import { plainKeys } from "./keys.ts";
import { correctSpelling } from "./spelling.ts";

/** Lower-case text whose number words are digits; `offsets[i]` is where character i stands in the original. */
export interface Rewritten {
  readonly text: string;
  readonly offsets: Uint32Array;
}

const tens = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety";
const units = "one|two|three|four|five|six|seven|eight|nine";
const teens = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen";
const small = `(?:${tens})(?:[- ](?:${units}))?|${teens}|${units}`;
const measure =
  "hours?|hrs?|days?|weeks?|minutes?|mins?|terabytes?|tb|tib|petabytes?|pb|gigabytes?|gb|gib|million";
const single =
  "nodes?|gpus?|cores?|cpus?|machine|host|server|box|process|rank|task|thread|workstation|computer|instance|vm";

const pattern = new RegExp(
  [
    ...figurePatterns(measure),
    `\\bhalf (?:an? |of an? |of one )?(?<half>${measure})\\b`,
    `\\b(?:an?|one) (?<unitAndHalf>${measure}) and a half\\b`,
    `\\b(?<numberAndHalf>\\d{1,6}|${small}) and a half\\b`,
    `\\b(?:(?<threeQuarters>three)[- ]quarters|(?:a )?quarter) (?:of )?an (?<quarter>hour)\\b`,
    `(?<![\\w.,-])(?<power>\\d{1,3}e\\d)(?= [a-z])`,
    `\\ban? (?<oneOf>hour|day|week|minute|gigabyte|terabyte)\\b`,
    `\\b(?<twelve>half (?:a )?dozen)\\b`,
    `(?<!\\b(?:few|several|many|some|the|by) )\\b(?<dozen>dozen)(?= (?:(?:${single})\\b|machines|servers|hosts))`,
    `\\b(?<pair>(?:(?<=\\bnext )|a )couple(?: of)?|(?<!\\b(?:last|past|previous|first|every) )couple of|a pair of)(?: (?<pairScale>dozen|hundred|thousand|million))?\\b`,
    `\\ban? (?:single|lone) (?=[a-z])(?<alone>)`,
    `\\bsingle[- ](?=(?:${single})\\b)(?<alone2>)`,
    `\\b(?<both>dual|twin|quad)[- ](?=(?:gpus?|[ahlvpt]\\d{1,4}s?|mi\\d{2,3}[ax]?)\\b)`,
    `(?<![\\w.-])(?:(?<zero>zero)|(?<count>${small}|a(?= (?:dozen|hundred|thousand|million)\\b)|\\d{1,6}(?= (?:dozen|hundred|thousand|million)\\b)))(?: (?<scale>dozen|hundred|thousand|million)(?:(?: and)? (?<rest>${small})(?<hundreds> hundred)?(?:(?<=hundred)(?: and)? (?<units>${small}))?)?)?(?![\\w.]|-[a-z]{1,20}-)(?! of (?:the|my|our|these|those)\\b)(?<!\\bone(?= of them\\b))`,
  ].join("|"),
  "g",
);

/** `1,5 TB`, `€20,50`: a comma before one or two digits and a unit of size, time or money is a decimal point. */
const decimalComma = new RegExp(
  `(?<![\\w.,])(\\d{1,4}),(\\d{1,2})(?= ?(?:${measure}|g|t|h|tio?|gio?|[€$£]|euros?|eur|usd|dollars?|gbp|pounds?)(?![\\w]))|(?<=[€$£] ?)(\\d{1,6}),(\\d{2})(?!\\d)`,
  "g",
);

const scales: Readonly<Record<string, number>> = {
  dozen: 12,
  hundred: 100,
  thousand: 1000,
  million: 1_000_000,
};

function valueOf(words: string | undefined): number {
  if (words === undefined) return 0;
  if (words === "a") return 1;
  if (/^\d/.test(words)) return Number(words);
  return words.split(/[- ]/).reduce((sum, word) => sum + (numberWords[word] ?? 0), 0);
}

/** `two thousand five hundred`: a count, its scale and what is added to it. */
function spelled(count: string, groups: Readonly<Record<string, string | undefined>>): number {
  const hundreds = groups["hundreds"] === undefined ? 1 : 100;
  const small = valueOf(groups["rest"]) * hundreds + valueOf(groups["units"]);
  return valueOf(count) * (scales[groups["scale"] ?? ""] ?? 1) + small;
}

/** Words for two, six or twelve. */
function readSeveral(groups: Readonly<Record<string, string | undefined>>): number | undefined {
  if (groups["pair"] !== undefined) return 2 * (scales[groups["pairScale"] ?? ""] ?? 1);
  if (groups["twelve"] !== undefined) return 6;
  return groups["dozen"] === undefined ? undefined : 12;
}

function replacement(groups: Readonly<Record<string, string | undefined>>): string {
  const { half, unitAndHalf, numberAndHalf, quarter, oneOf, count } = groups;
  const figure = readFigure(groups);
  if (figure !== undefined) return figure;
  if (half !== undefined) return `0.5 ${half}`;
  if (unitAndHalf !== undefined) return `1.5 ${unitAndHalf}`;
  if (numberAndHalf !== undefined) return String(valueOf(numberAndHalf) + 0.5);
  if (quarter !== undefined) return `${groups["threeQuarters"] === undefined ? "0.25" : "0.75"} ${quarter}`;
  if (groups["power"] !== undefined) return String(Number(groups["power"]));
  if (oneOf !== undefined) return `1 ${oneOf}`;
  const several = readSeveral(groups);
  if (several !== undefined) return String(several);
  if (groups["zero"] !== undefined) return "0";
  if (groups["both"] !== undefined) return groups["both"] === "quad" ? "4 " : "2 ";
  return count === undefined ? "1 " : String(spelled(count, groups));
}

/** Lower-cases without changing the length, so that offsets hold. */
function lower(text: string): string {
  const lowered = text.toLowerCase();
  if (lowered.length === text.length) return lowered;
  return Array.from(text, (character) => {
    const small = character.toLowerCase();
    return small.length === character.length ? small : character;
  }).join("");
}

const plainWord = /(?<![\p{L}\w./@:=$-])[a-z]{3,24}(?![\p{L}\w@/=-]|\.\w)/gu;
const numberAhead = new RegExp(`(?:\\d|\\b(?:${small})) ?$`);

/** Corrects the words of {@link correctSpelling}; names in `kept` stay as they are. */
function rewriteSpelling(source: string, kept: ReadonlySet<string>): { text: string; offsets: number[] } {
  const offsets: number[] = [];
  const pieces: string[] = [];
  const copy = (from: number, to: number): void => {
    pieces.push(source.slice(from, to));
    for (let index = from; index < to; index += 1) offsets.push(index);
  };
  let done = 0;
  for (const { 0: word, index: start } of source.matchAll(plainWord)) {
    if (kept.has(word)) continue;
    const right = correctSpelling(word, numberAhead.test(source.slice(Math.max(0, start - 12), start)));
    if (right === undefined) continue;
    const end = start + word.length;
    copy(done, start);
    pieces.push(right);
    for (let index = 0; index < right.length; index += 1) offsets.push(Math.min(start + index, end - 1));
    done = end;
  }
  copy(done, source.length);
  offsets.push(source.length);
  return { text: pieces.join(""), offsets };
}

/**
 * Turns number words into digits (`three` 3, `half an hour` 0.5 hour, `a dozen` 12) and misspelt words into the
 * ones they stand for, over lower-case text.
 */
export function rewriteNumbers(normalised: string, kept: ReadonlySet<string> = new Set()): Rewritten {
  const { text: source, offsets: origins } = rewriteSpelling(
    plainKeys(lower(normalised)).replace(decimalComma, "$1$3.$2$4"),
    kept,
  );
  const pieces: string[] = [];
  const offsets: number[] = [];
  const copy = (from: number, to: number): void => {
    pieces.push(source.slice(from, to));
    for (let index = from; index < to; index += 1) offsets.push(index);
  };
  let done = 0;
  for (const match of source.matchAll(pattern)) {
    const end = match.index + match[0].length;
    const digits = replacement(match.groups ?? {});
    copy(done, match.index);
    pieces.push(digits);
    for (let index = 0; index < digits.length; index += 1) offsets.push(Math.min(match.index + index, end));
    done = end;
  }
  copy(done, source.length);
  offsets.push(source.length);
  return { text: pieces.join(""), offsets: Uint32Array.from(offsets, (offset) => origins[offset] ?? offset) };
}
