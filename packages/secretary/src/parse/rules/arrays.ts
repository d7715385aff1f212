import type { JobRequirements } from "@parley/core";
import type { Outcome } from "../marks.ts";
import type { Hit, Rule } from "../mask.ts";
import { count, fresh, readCount } from "../quantity.ts";

const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});

/** Many jobs of one kind. */
export const arrayRules: readonly Rule[] = [
  rule(
    "job array",
    `(?:(?:as |run )?(?:an? )?(?:job )?array (?:job )?(?:of|with|:) |(?:array |parameter )?sweep (?:of|with|over) |array (?:of )?size(?: of|:|=)? )(${count})(?: (?:independent |identical |separate |small |short ))?(?: ?(?:jobs|tasks|elements|runs|members|simulations))?(?![\\w-])`,
    arrayOf,
  ),
  rule(
    "many jobs",
    `${fresh}(${count}) (?:independent|identical|separate|embarrassingly parallel|array|parallel independent|similar)(?=(?: (?:small|short|serial|1[ -]core|[a-z]{1,20}))? (?:jobs|tasks|runs|elements|simulations)(?![\\w-]))|(${count})[- ](?:element|job|task|member) (?:job )?array(?![\\w-])`,
    arrayOf,
  ),
  rule(
    "job array range",
    "(?:job )?array (?:job )?(?:indices |range |of )?(\\d{1,9})-(\\d{1,9})(?![\\w-])",
    (hit) => {
      const [first, last] = [Number(hit.groups[1]), Number(hit.groups[2])];
      return last < first ? "refused" : fillArray(hit.reading.draft, last - first + 1);
    },
  ),
  rule(
    "counted jobs",
    `${fresh}(${count}) (?:jobs|runs|simulations)(?! (?:per|at once|in parallel|at a time|concurrently|per node))(?![\\w-])|(?<=same (?:[\\w+.-]{1,20} ){0,2}(?:script|job|program|code|command|simulation) )(${count}) times(?![\\w-])`,
    arrayOf,
  ),
];

function arrayOf(hit: Hit): Outcome {
  const { draft } = hit.reading;
  return fillArray(draft, readCount(hit.groups[1] ?? hit.groups[2]));
}

function fillArray(draft: JobRequirements, size: number | undefined): Outcome {
  if (size === undefined || (draft.array && draft.array.count !== size)) return "refused";
  draft.array = { count: size };
  return { path: "array.count" };
}
