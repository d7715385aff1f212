import type { JobRequirements } from "@parley/core";
import { union } from "../draft.ts";
import type { Outcome } from "../marks.ts";
import { spelling, type Hit, type Rule } from "../mask.ts";

type List = keyof NonNullable<JobRequirements["placement"]>;

const avoid =
  "(?:must|should|may|can|shall|does|do|will|would) ?(?:not|n't) (?:be )?(?:run|used?|land|go|execute|start|sent)(?: it)?(?: on| at| to)?|(?:cannot|can't|mustn't|shouldn't|won't) (?:be )?(?:run|used?|land|go)(?: it)?(?: on| at| to)?|never(?: on| use| run on)?|avoid(?:ing)?|not(?: on| at| to)?|except(?: for| on)?|(?:do not|don't|never|not) (?:use|pick|choose|(?:run|send|put|place|land|submit|schedule|start|execute)(?: (?:it|this|that|them|us|me|my jobs?|anything))? (?:on|to|at|in))|exclud(?:e|ing)|anything but|anywhere but|anywhere except|other than|but not(?: on)?|without using|skip|(?:stay|keep|steer)(?: (?:us|me|it|this|them|my jobs?))? (?:away from|off|clear of|out of)|away from|off";
const only =
  "only(?: on| at| use)?|must (?:run|be|land|execute)(?: it)? (?:on|at)|has to (?:run|be) (?:on|at)|exclusively (?:on|at)|strictly (?:on|at)|nowhere but";
const prefer =
  "(?:i |we |i'd |we'd )?(?:would )?(?:prefer(?:ably)?|rather|favou?r|like)(?: (?:to (?:use|run on|be on)|using|running on|on|at))?|ideally(?: on| at)?|preferably(?: on| at)?|if possible(?: on| at)?|best on";
const quoted =
  "(?:an? |the )?(?:old |slow |busy |broken )?(?:['\"`]([\\w][\\w.-]{0,62})['\"`])(?: (?:clusters?|sites?|systems?|machines?))?";

const escape = (name: string): string => name.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A name that reads like an amount: "10" in "for 10 minutes" is no cluster, in "worker 10" it is. */
const isAmount = (name: string): boolean => /^\d/.test(name);
const noun = "(?:worker|cluster|site|system|machine|supercomputer)";

function alternatives(names: readonly string[]): string {
  return names
    .map(escape)
    .toSorted((left, right) => right.length - left.length)
    .join("|");
}

/** One cluster in the words of a request. */
function spoken(names: readonly string[]): string {
  const plain = names.filter((name) => !isAmount(name));
  const amounts = alternatives(names.filter((name) => isAmount(name)));
  const forms = [
    ...(plain.length === 0
      ? []
      : [`(?:${noun} )?['"\`]?(?:${alternatives(plain)})['"\`]?(?![\\w-])(?: ${noun})?`]),
    ...(amounts === "" ? [] : [`(?:${noun} ['"\`]?|['"\`])(?:${amounts})['"\`]?(?![\\w-])`]),
  ];
  return `(?:the )?(?:${forms.join("|")})`;
}

function place(hit: Hit, list: List, names: readonly string[]): Outcome {
  const { draft } = hit.reading;
  const placement = draft.placement ?? {};
  const taken = new Set(Object.values(placement).flat());
  if (names.some((name) => taken.has(name) && !placement[list]?.includes(name))) return "refused";
  draft.placement = { ...placement, [list]: union(placement[list], names) };
  return { path: `placement.${list}` };
}

/** The rules for the clusters a hub knows. A quoted name behind "avoid" counts even if no cluster has it. */
export function placementRules(clusters: readonly string[]): readonly Rule[] {
  const quotedAway: Rule = {
    name: "named away",
    pattern: new RegExp(`(?<![\\w-])(?:${avoid}) ${quoted}`, "g"),
    read: (hit) => place(hit, "exclude", [spelling(hit, 1)]),
  };
  const names = clusters.filter((name) => name !== "" && name.length <= 128);
  if (names.length === 0) return [quotedAway];
  const one = spoken(names);
  const list = `(?<![\\w.-])(${one}(?:(?:,? (?:or|and|nor) |, )${one}){0,15})`;
  const known = new RegExp(`(?<![\\w.-])(?:${alternatives(names)})(?![\\w-])`, "g");
  const spelled = new Map(names.map((name) => [name.toLowerCase(), name]));
  const read =
    (target: List): Rule["read"] =>
    (hit) =>
      place(hit, target, (hit.groups[1] ?? "").match(known)?.map((name) => spelled.get(name) ?? name) ?? []);
  const rule = (name: string, pattern: string, target: List | Rule["read"]): Rule => ({
    name,
    pattern: new RegExp(pattern, "g"),
    read: typeof target === "string" ? read(target) : target,
  });
  return [
    rule("clusters to avoid", `(?<![\\w-])(?:${avoid}) (?:the )?(?:old |slow |busy )?${list}`, "exclude"),
    quotedAway,
    rule("the only clusters", `(?<![\\w-])(?:${only}) ${list}`, "only"),
    rule("clusters alone", `(?:on |at )?${list} only(?![\\w-])`, "only"),
    rule("clusters to prefer", `(?<![\\w-])(?:${prefer}) ${list}`, "prefer"),
    rule(
      "clusters liked",
      `(?:on |at )?${list}(?: (?:is|are|would be))? (?:preferred|if possible|if available|ideally|preferably)(?![\\w-])`,
      "prefer",
    ),
    rule("clusters named", `(?:(?:run|send|submit|go|it|use|using|on|at|to|via) ){0,3}${list}`, (hit) => {
      const before = hit.reading.work.slice(Math.max(0, hit.start - 32), hit.start);
      if (/\b(?:not|never|n't|cannot|without|except|avoid)\b[^.;]{0,24}$/.test(before)) return "refused";
      const target =
        hit.reading.draft.placement?.prefer ||
        /(?:otherwise|else|maybe|perhaps|fallback)\W{0,3}$/.test(before)
          ? "prefer"
          : "only";
      return read(target)(hit);
    }),
  ];
}
