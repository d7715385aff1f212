import { anyOf, termReader, workloadManagers } from "../../vocabulary/index.ts";
import { fill, union } from "../draft.ts";
import { spelling, type Hit, type Rule } from "../mask.ts";

const manager = anyOf(workloadManagers);
const nameOf = termReader(workloadManagers);
const name = "(?<![\\w.-])['\"`]?([a-z0-9_][\\w.-]{0,62})['\"`]?(?![\\w-])";
const rule = (label: string, pattern: string, read: Rule["read"]): Rule => ({
  name: label,
  pattern: new RegExp(pattern, "g"),
  read,
});
const article =
  /^(?:a|an|the|any|this|that|my|our|your|some|no|same|default|is|of|for|to|in|on|with|and|or|time|times|wait|waiting|right|correct|which|whichever|job|jobs|don|dont|any|whatever|none|if|it|not|i|be|by|at|from|as|empty|shortest|name|names|please|[a-z]{3,12}est)$/;

const field = (key: "queue" | "account" | "namespace") => (hit: Hit) => {
  const group = hit.groups[1] === undefined ? 2 : 1;
  const words = spelling(hit, group).replace(/\.$/, "");
  const indefinite =
    group === 2 && /\ban? $/.test(hit.reading.work.slice(Math.max(0, hit.start - 3), hit.start));
  if (indefinite || article.test(words.toLowerCase())) return undefined;
  return fill(hit.reading.draft, "scheduler", [key, words]);
};
const lead =
  "(?:(?:submit(?:ted)?|send|run|go|put|land)(?: it)? )?(?:(?:to|on|in|into|using|use|via|under|through|with|from|and|charge(?: it)?(?: to)?|bill(?: it)?(?: to)?) )?(?:the |my |our )?";

/** The queue, the account and the namespace; read early, because a queue may be called `gpu`. */
export const queueRules: readonly Rule[] = [
  rule(
    "queue",
    `${lead}(?:(?:partition|queue)(?: (?:called|named|is)|:|=)? ?${name}(?! (?:partition|queue))|(?<![:=])${name} (?:partition|queue)(?! (?:time|wait|length|depth))(?! ?[:=]))`,
    field("queue"),
  ),
  rule(
    "account",
    `${lead}(?:(?:accounts?|allocation|bank|project(?: account| code| id)?)(?: (?:called|named|is|number|code)|:|=)? ?(?<= |:|=)['"\`]?([a-z]{0,30}[_-]?[a-z]{0,20}\\d[\\w-]{0,40}|[a-z]{1,30}[_-][\\w-]{1,40})['"\`]?(?![\\w-])|(?:accounts?)(?: (?:called|named|is)|:|=)? ?${name}|${name} (?:account|bank)(?![\\w-]))`,
    (hit) => {
      const group = [1, 2, 3].find((index) => hit.groups[index] !== undefined) ?? 1;
      const words = spelling(hit, group).replace(/\.$/, "");
      return article.test(words.toLowerCase())
        ? undefined
        : fill(hit.reading.draft, "scheduler", ["account", words]);
    },
  ),
  rule(
    "namespace",
    `${lead}(?:namespace(?: (?:called|named|is)|:|=)? ?${name}|${name} namespace)`,
    field("namespace"),
  ),
];

/** Workload managers asked for by name. */
export const managerRules: readonly Rule[] = [
  rule(
    "workload manager",
    `(?:(?:with|on|via|using|under|through|by|over|for|managed by|scheduled by|and|or|use|a|an|the|any|submit(?: it)? (?:to|with|through|via)|runs?|running) ){0,3}(?<![\\w./-])(${manager})(?![\\w-]|\\.\\w)(?: (?:clusters?|only|jobs?|managed|scheduler|systems?|workload manager|sites?|pods?|deployment|batch)){0,2}`,
    (hit) => {
      const { draft } = hit.reading;
      const ahead = hit.reading.work.slice(Math.max(0, hit.start - 16), hit.start);
      if (/\b(?:no|not|without|never|avoid|n't)(?: use| using| on)? $/.test(ahead)) return "refused";
      const found = nameOf(hit.groups[1] ?? "");
      if (found === undefined) return undefined;
      draft.scheduler = { ...draft.scheduler, managers: union(draft.scheduler?.managers, [found]) };
      return { path: "scheduler.managers" };
    },
  ),
];
