import type { JobRequirements } from "@parley/core";
import { currencies } from "../../vocabulary/index.ts";
import type { Outcome } from "../marks.ts";
import type { Rule } from "../mask.ts";
import { amount, readAmount } from "../quantity.ts";

const lead =
  "(?:(?:(?:and )?(?:i|we|my|our|(?:it|this|the|total|(?:the )?(?:job|run|cost|price|total(?: cost)?))(?= ))? ?(?:can(?:not)?|could|may|must|should|will|would|am|are)? ?(?:not |n't )?(?:willing to )?(?:spend|pay|afford|costs?|exceed|budget|price)(?: is| be| of| limit| cap){0,3}:? ?)?(?:(?:up to|at most|no more than|not more than|more than|over|less than|under|below|max(?:imum)?\\.?(?: of)?|within|capped at|limit(?:ed)?(?: to| of)?|for|around|about|~|<=?|a total of|not exceed(?:ing)?) ?)?(?:a |the )?(?:(?:max(?:imum)? )?(?:budget|cost|price)(?: cap| limit| ceiling)?(?: is| of|:|=)? ?)?(?:up to |at most |max(?:imum)? |under )?)";
const trail =
  "(?:(?:(?: total)? (?:an?|per|each|every) (?:(1 )?(hour|job|run|node[- ]hour|node per hour|day|month|gpu[- ]?hour|core[- ]?hour|cpu[- ]?hour))|(?: 1|1)? ?(hour)(?= ?(?:[.,;!?\\n]|$))|/ ?(hour|hr|h|node[- ]?hour|node-?h|job|day|gpu[- ]?hour|gpu[- ]?h)|( hourly)|(?: pro | par | je |/ ?)(stunde|heure|std\\.?))(?![\\w-]))?(?: (?:in total|total|budget|max(?:imum)?|at most|tops|or less|altogether|to spend))?";
const money = `(?:(?:between |from )?(?:[$€£] ?)?\\d{1,9} ?(?:-|to|and) ?(?:[$€£] ?)?(?=\\d))?(${amount})(?: ?(k|thousand|million|m)(?![\\w]))?`;
const sign = "us ?\\$|\\$|€|£";
const code = "usd|eur|gbp|us dollars?|dollars?|bucks|euros?|british pounds?|pounds?|quid";

function period(words: string | undefined): "job" | "hour" | "node-hour" | undefined {
  if (words === undefined) return "job";
  if (words.startsWith("node")) return "node-hour";
  if (/^(?:hour|hr|h|hourly)$/.test(words)) return "hour";
  return /^(?:job|run)$/.test(words) ? "job" : undefined;
}

const scale: Readonly<Record<string, number>> = { k: 1000, thousand: 1000, m: 1e6, million: 1e6 };

/** `1.500` is fifteen hundred, since no price has three decimals. */
function scaled(digits: string, factor: string | undefined): number | undefined {
  const value = readAmount(/^\d{1,3}\.\d{3}$/.test(digits) ? digits.replace(".", "") : digits);
  return value && value * (scale[factor ?? ""] ?? 1);
}

function fillBudget(
  draft: JobRequirements,
  budget: { number: number | undefined; unit: string; per: string | undefined },
): Outcome {
  const per = period(budget.per);
  const unit = currencies[budget.unit.replace(/^us |^british /, "").replace("us$", "$")];
  if (draft.budget || budget.number === undefined || per === undefined || unit === undefined)
    return "refused";
  draft.budget = { amount: budget.number, unit, per };
  return { path: "budget" };
}

const allocation =
  /(?<![\w.-])(?:(?:i|we) (?:still )?have (?:an allocation of |a budget of )?|(?:with )?(?:an? |the |my |our )?(?:(?:budget|allocation) (?:of|is) )?)?(?:(?:up to|at most|no more than|under|max(?:imum)?(?: of)?|within|less than) )?((?:\d{1,3}(?:,\d{3}){1,3}|\d{1,15})(?:\.\d{1,6})?) ?(k)?[ -]?(node|core|cpu|gpu|processor)[ -]?(?:hours?|hrs?|h)(?![\w-])(?: (?:budget|left|available|remaining|at most|max))?/g;

/** What a request may cost, in money or in an allocation's hours. */
export const budgetRules: readonly Rule[] = [
  {
    name: "cost does not matter",
    pattern:
      /(?:the )?(?:cost|price|money|budget)s? (?:(?:does not|doesn't|do not|don't) (?:really )?matter|is(?: no| not|n't) (?:an? )?(?:object|issue|concern|important|problem)|is irrelevant)|no budget (?:limit|cap|constraint)/g,
    read: () => ({ path: "budget" }),
  },
  {
    name: "allocation",
    pattern: allocation,
    read: (hit) => {
      const [, number, thousands, kind] = hit.groups;
      const value = readAmount(number);
      const { draft } = hit.reading;
      if (draft.budget || value === undefined) return "refused";
      const unit = kind === "node" ? "node-hours" : kind === "gpu" ? "gpu-hours" : "core-hours";
      draft.budget = { amount: value * (thousands ? 1000 : 1), unit, per: "job" };
      return { path: "budget" };
    },
  },
  {
    name: "money",
    pattern: new RegExp(
      `(?<![\\w$€£-])${lead}(?:(?:(${sign}|(?:${code}) ?) ?${money})(?: ?(?:${code})(?![\\w]))?|${money} ?(${sign}|(?:${code})(?![\\w])))(?![\\d])${trail}`,
      "g",
    ),
    read: (hit) => {
      const [, before, first, firstScale, second, secondScale, behind, , a, b, c, d, foreign] = hit.groups;
      if (/^ ?(?:\/|(?:pro|par|je|per) )\w/.test(hit.reading.work.slice(hit.end, hit.end + 8)))
        return "refused";
      const number = scaled(first ?? second ?? "", firstScale ?? secondScale);
      const unit = (before ?? behind ?? "").trim();
      const per = a ?? b ?? c ?? d?.trim() ?? (foreign && "hour");
      return fillBudget(hit.reading.draft, { number, unit, per });
    },
  },
  {
    name: "budget in a currency",
    pattern: new RegExp(
      `(?<![\\w])(${code}) (?:budget|limit|cap)(?: is| of|:|=)? ?(${amount})(?![\\w.]\\d|\\w)`,
      "g",
    ),
    read: (hit) =>
      fillBudget(hit.reading.draft, {
        number: readAmount(hit.groups[2]),
        unit: hit.groups[1] ?? "",
        per: undefined,
      }),
  },
  {
    name: "cents",
    pattern: new RegExp(
      `(?<![\\w.-])(?:(?:up to|at most|max(?:imum)?|under) )?(${amount}) ?(?:cents?|¢)(?: (?:an?|per)| ?/) ?(?:1 )?(hour|node[- ]hour|job)(?![\\w-])`,
      "g",
    ),
    read: (hit) => {
      const value = readAmount(hit.groups[1]);
      return fillBudget(hit.reading.draft, { number: value && value / 100, unit: "usd", per: hit.groups[2] });
    },
  },
];
