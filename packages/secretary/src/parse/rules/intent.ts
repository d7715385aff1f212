import type { Rule } from "../mask.ts";

const check: Rule["read"] = ({ reading }) => {
  reading.draft.intent = "check";
  return { path: "intent" };
};

const place =
  "cluster|site|system|machine|worker|supercomputer|server|place|one|centre|center|provider|fleet|federation|resource";
const asks = [
  `(?:can|could|would|will) (?:you|we|i|it|(?:this|that|the|your|any|one|either)(?: of)?(?: your| the)?(?: ${place})s?|any(?:one|body))\\b(?! (?:please|kindly))`,
  "(?:is|would|will) it (?:be )?(?:possible|feasible|doable)(?: to| for me to)?",
  `(?:do|does) (?:you|we|any(?:one|body)|(?:this|that|the|your|any)(?: of (?:the|your))?(?: ${place})s?)\\b(?: (?:have|support|offer|provide))?`,
  "(?:is|are) there(?: (?:any|some))?",
  `(?:which|what) (?:of (?:the|your) )?(?:${place})s?(?: (?:can|could|has|have|is|are|supports?|offers?|provides?))?`,
  `where (?:can|could|would) (?:i|we|it)`,
  "(?:please )?(?:check|verify|ask|(?:just )?tell (?:me|us)|let me know|find out|see|i wonder|i am wondering|i'm wondering|wondering) (?:if|whether|which (?:site|cluster|system|machine)s?|where)(?: (?:you|we|i|it))?(?: can| could)?",
  "(?:would |'d )?(?:like|want|wants|wish|need) to (?:know|find out|ask|learn|check)(?: (?:if|whether))?",
  "it is possible to(?=[^.!?]{1,200}\\?)",
  "how (?:many|much|long)",
  "what(?:'s| is) the(?= (?:cheapest|fastest|best|shortest|quickest|earliest|nearest|price|cost|wait)[^.!?]{1,200}\\?)",
  `who (?:can|could|has)`,
  "any chance(?: of| to| you can| that)?",
];

/** Questions whether something could be done: they ask for an answer, not for a job. */
export const intentRules: readonly Rule[] = [
  {
    name: "question",
    pattern: new RegExp(`(?<![\\w'-])(?:${asks.join("|")})(?![\\w-])`, "g"),
    read: check,
  },
  {
    name: "yes-or-no question",
    pattern:
      /(?:^|[.!?;,\n] ?)(?:is|are|does|do|has|have|would|will|can|could|might)(?= (?!please|kindly)[^?!]{1,300}\?)(?! (?:you|i) please)/g,
    read: (hit) =>
      / (?:please|kindly)\b/.test(hit.reading.work.slice(hit.end, hit.end + 24)) ? undefined : check(hit),
  },
];
