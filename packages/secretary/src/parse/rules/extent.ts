import { fill } from "../draft.ts";
import type { Rule } from "../mask.ts";

const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});

/** All that a site has free. */
export const extentRules: readonly Rule[] = [
  rule(
    "all nodes",
    "(?:(?:take|use|using|on|grab|give me|with|across|over) )?(?:(?:all|(?<=(?:on|across|over|use|using) )(?:every|each)|the whole)(?: of)?(?: the)? (?:free |available |idle |open |unused )?(?:nodes?|machines?|resources)|(?:all|the whole)(?: of)?(?: the)? cluster)(?: (?:available|free|you have|there are|of the cluster|that are free|on the cluster))?(?: (?:and )?(?:run )?(?:it )?as wide as possible)?(?![\\w-])",
    ({ reading }) => fill(reading.draft, "compute", ["allAvailable", true]),
  ),
  rule(
    "everything available",
    "(?:(?:use|using|with|on|take) )?(?:everything (?:available|you have|that is free)|all available(?: (?:nodes|resources|capacity))?|the (?:entire|whole|full) (?:cluster|machine|system)|as (?:wide|many nodes) as possible)(?![\\w-])",
    ({ reading }) => fill(reading.draft, "compute", ["allAvailable", true]),
  ),
];
