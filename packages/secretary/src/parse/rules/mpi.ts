import { anyOf, mpiImplementations, termReader } from "../../vocabulary/index.ts";
import { fillMpi } from "../draft.ts";
import type { Outcome } from "../marks.ts";
import type { Hit, Rule } from "../mask.ts";
import { readVersion, versionBehind } from "../versions.ts";

const implementation = anyOf(mpiImplementations);
const nameOf = termReader(mpiImplementations);
const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});
const lead =
  "(?:(?:with|using|and|over|needs?|requires?|has|have|via|built with|built against|linked against|an?) ){0,2}";

function implementationRead(hit: Hit): Outcome {
  const impl = nameOf(hit.groups[1] ?? "");
  if (impl === undefined) return undefined;
  const version = readVersion(hit.groups[2]);
  return fillMpi(hit.reading.draft, { impl, ...version });
}

/** The message-passing library a job needs. */
export const mpiRules: readonly Rule[] = [
  rule(
    "low-latency mpi",
    `${lead}low[- ]latency mpi(?![\\w-])(?: communication)?|(?:mpi )?latency[- ](?:sensitive|bound|critical)(?: mpi)?(?![\\w-])`,
    (hit) => fillMpi(hit.reading.draft, { lowLatency: true }),
  ),
  rule(
    "mpi implementation",
    `${lead}(?<![\\w/.-])(${implementation})(?![\\w-]{1,20}[a-z])(${versionBehind})?(?: (?:libraries|library|stack|installed|available))?`,
    implementationRead,
  ),
  rule(
    "no mpi",
    "(?<![\\w-])(?:no|without|does not (?:use|need)|doesn't (?:use|need)|do not need|don't need) (?:any )?mpi(?: (?:is )?(?:needed|required|necessary|involved|used))?(?![\\w-])",
    ({ reading }) => {
      if (reading.draft.mpi) return "refused";
      reading.draft.mpi = { required: false };
      return { path: "mpi" };
    },
  ),
  rule(
    "mpi",
    `${lead}(?:openmp ?[/+] ?)?(?<![\\w.-])(?:mpi)(?: ?[/+] ?openmp)?(?:[- ](?:parallel|enabled|library|libraries|support|job|jobs|code|program|application|version|runs?|simulation|communication|stack)){0,2}(?![\\w-])`,
    (hit) => {
      const words = hit.reading.work.slice(Math.max(0, hit.start - 12), hit.start + 8);
      return /(?:\bnot|without) (?:any )?mpi|non-?mpi/.test(words)
        ? "refused"
        : fillMpi(hit.reading.draft, {});
    },
  ),
];
