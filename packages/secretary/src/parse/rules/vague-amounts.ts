import { gpuName } from "../gpu-names.ts";
import type { Rule } from "../mask.ts";

const size =
  "(?:very |fairly |rather |reasonably )?(?:small|large|huge|good|great|decent|certain|limited|reasonable|usual|fair|low|high|vast|single-digit|double-digit)";
const crowd =
  "handful|bunch|tons?|loads?|lots?|heaps?|piles?|scores?|gross|smattering|tens|dozens|hundreds|thousands|millions|oodles|plenty|tens of thousands|hundreds of thousands";
const scale = "(?: (?:dozen|hundred|thousand|million))?";
/** Words for an amount that nobody can count: `a handful of`, `several`, `a few dozen`. */
const vague =
  `(?:(?:an? )?(?:whole )?(?:${size} )?(?:${crowd}) of|(?:an? (?:${size} )?|the ${size} )(?:number|amount|quantity) of|` +
  `(?<!\\b(?:as|too|so|how|that|this) )(?:(?:quite )?a few|few|several|many|multiple|numerous|various|umpteen|countless)${scale}(?: of)?)`;
const owner = "(?:the |your |our |my |these |those )?";
const kind =
  "(?:(?:compute|big|large|small|fat|thin|whole|full|standard|idle|free|spare|cpu|gpu|physical|mpi|openmp|nvidia|amd|intel|independent|identical|separate|parallel|array|serial|fast|powerful|modern|cheap|extra|more|different|high-memory|\\d{1,4}-core|\\d{1,4} ?gb) ){0,3}";
const machine = "nodes|machines|servers|hosts|box(?:es)?|instances|vms|workstations|computers";
const counted = `(?:${machine}|v?cpus|cores|processors|threads|ranks|tasks|process(?:es)|procs|pods|gpus|accelerators|graphics cards|cards|gcds|(?:${gpuName})s?(?: (?:gpus|cards))?)`;
const units = "gb|gib|tb|tib|mb|gigs|gigabytes|terabytes|megabytes";
const spans = "seconds|secs|minutes|mins|hours|hrs|days|weeks";
const announced =
  "(?<=^|[.,;\\n] ?|\\b(?:for|within|in|takes?|lasts?|needs?|about|around|up to|most|least|than|walltime:?|next|time:?) )";
const elements = "jobs|runs|simulations|array elements";

const noun = `${owner}${kind}(?:${counted}|${units}|${spans}|${elements})(?![\\w-])`;
const things = `${owner}${kind}(?:${counted}|${units})(?![\\w-])`;
/** `We run many simulations` tells of other work. */
const untold = "(?<!\\b(?:we|i|they|you) (?:often |usually |always )?(?:run|ran|have|had|do|did) )";
/** `on several nodes` is read: it needs more than one. */
const spread = `(?<!\\b(?:across|over|on|spanning|between) (?=(?:several|multiple|different) (?:nodes|machines|hosts)))`;
const label = `(?<=\\b${counted}(?: count)?(?: ?[:=] ?| (?:is|are) ))`;

const rule = (name: string, pattern: string): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read: () => "refused",
});

/**
 * Amounts without a number. The amount alone is refused: what it counts is left to later rules, so that `a few A100s`
 * still asks for A100s.
 */
export const vagueAmountRules: readonly Rule[] = [
  rule("vague amount", `(?<![\\w-])${spread}${vague}(?= ${things})`),
  rule("vague number of jobs", `(?<![\\w-])${untold}${vague}(?= ${kind}(?:${elements})(?![\\w-]))`),
  rule("vague time", `${announced}${vague}(?= ${kind}(?:${spans})(?![\\w-]| (?:ago|later|earlier)))`),
  rule(
    "vague amount behind its label",
    `${label}(?:(?:just )?(?:an? )?(?:${crowd}|few|several|many))(?=[\\s.,;]|$)`,
  ),
];

const open = new RegExp(`(?<![\\w-])${vague} ?$`);
const rest = new RegExp(`^ ?${noun}`);

/** How many characters of `behind` belong to a vague amount that ends `ahead`: its noun was read without it. */
export function restOfAmount(ahead: string, behind: string): number {
  if (!open.test(ahead.toLowerCase())) return 0;
  return rest.exec(behind.slice(0, 120).toLowerCase())?.[0].length ?? 0;
}
