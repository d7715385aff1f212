import type { JobRequirements } from "@parley/core";
import { fill } from "../draft.ts";
import { behindNodes, eachOf } from "../each.ts";
import type { Hit, Rule } from "../mask.ts";
import { bound, fresh } from "../quantity.ts";
import { size, toGibibytes } from "../sizes.ts";

type Key = keyof NonNullable<JobRequirements["memory"]>;

const word = "(?:main |system |cpu |host |physical |working )?(?:memory|ram|mem)";
const ahead = `(?:(?:with|and|has|have|having|needs?|requires?|each with|of|about|holding|offering) )?(?:(?:${bound}) ?)?${fresh}${size}(?:\\+| or more)?(?: (?:of )?${word})?(?: or more| minimum| at least| free)?`;
const each =
  "(?: (?:per|each|every|an?|for each|for every|on each|in each|on every) ?| ?/ ?)(?:compute |cpu |mpi )?";
const behindEach = "(?: (?:of )?(?:memory|ram))?(?![\\w-])";
const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});
const memory = (key: Key) => (hit: Hit) =>
  fill(hit.reading.draft, "memory", [key, toGibibytes(hit.groups[1], hit.groups[2])]);
const labelled = `(?:${word})(?: (?:requirement|needs?|limit|size|footprint))?`;
const machine = "(?:nodes?|machines?|hosts?|servers?|box(?:es)?|workstations?|vms?|instances?|computers?)";

/** Main memory: of the job, a node, a task or a core. */
export const memoryRules: readonly Rule[] = [
  rule(
    "memory per core",
    `${ahead}${each}(?:cores?|v?cpus?|processors?|threads?)${behindEach}`,
    memory("perCoreGb"),
  ),
  rule(
    "memory per task",
    `${ahead}${each}(?:tasks?|ranks?|process(?:es)?|procs?)${behindEach}`,
    memory("perTaskGb"),
  ),
  rule(
    "memory per node",
    `${ahead}${each}${machine}${behindEach}|${ahead} (?:each|apiece)(?! (?:core|task|rank|process|cpu))(?![\\w-])`,
    (hit) => {
      const gib = toGibibytes(hit.groups[1] ?? hit.groups[3], hit.groups[2] ?? hit.groups[4]);
      const owner = hit.groups[1] === undefined ? eachOf(hit) : "node";
      const key = { node: "perNodeGb", task: "perTaskGb", element: "totalGb" } as const;
      return fill(hit.reading.draft, "memory", [key[owner], gib]);
    },
  ),
  rule(
    "what each uses",
    `(?:each|every|per) (?:mpi )?(rank|task|process|core|node)(?: (?:uses|needs|requires|takes|wants|has|gets))? (?:(?:${bound}) ?)?${fresh}${size}(?: (?:of )?${word})?(?![\\w-])`,
    (hit) => {
      const owner = hit.groups[1] ?? "";
      const key = owner === "core" ? "perCoreGb" : owner === "node" ? "perNodeGb" : "perTaskGb";
      return fill(hit.reading.draft, "memory", [key, toGibibytes(hit.groups[2], hit.groups[3])]);
    },
  ),
  rule(
    "per-core memory label",
    `(?:memory|ram|mem)[- ]per[- ](?:core|cpu)(?: of|:|=| is)? ?(?:(?:${bound}) ?)?${fresh}${size}(?![\\w-])`,
    memory("perCoreGb"),
  ),
  rule(
    "per-task memory label",
    `(?:memory|ram|mem)[- ]per[- ](?:task|rank|process)(?: of|:|=| is)? ?(?:(?:${bound}) ?)?${fresh}${size}(?![\\w-])`,
    memory("perTaskGb"),
  ),
  rule(
    "per-node memory label",
    `(?:memory|ram|mem)[- ]per[- ](?:node|machine)(?: of|:|=| is)? ?(?:(?:${bound}) ?)?${fresh}${size}(?![\\w-])`,
    memory("perNodeGb"),
  ),
  rule(
    "memory",
    `${ahead.replace("(?: (?:of )?", "(?:[ -](?:of )?").replace(`${word})?`, `${word})`)}(?: (?:in total|total|overall))?(?![\\w-])`,
    (hit) => onMachines(hit),
  ),
  rule(
    "memory label",
    `(?:(?:with|and) )?${labelled}(?: of|:|=| is| should be| must be)? ?(?:(?:${bound}) ?)?${fresh}${size}(?: (?:total|or more|at least))?(?![\\w-])`,
    (hit) => onMachines(hit),
  ),
  rule(
    "machine of a size",
    `(?<=${machine} (?:with|having|of|that has|that have) )(?:(?:${bound}) ?)?${fresh}${size}(?![\\w-])|${fresh}(?:an? )?${size}[ -]${machine}(?![\\w-])`,
    (hit) =>
      fill(hit.reading.draft, "memory", [
        "perNodeGb",
        toGibibytes(hit.groups[1] ?? hit.groups[3], hit.groups[2] ?? hit.groups[4]),
      ]),
  ),
];

/** `1 node with 1 TB of memory` speaks of the node, not of the job. */
function onMachines(hit: Hit): ReturnType<Rule["read"]> {
  const { reading } = hit;
  const words = hit.groups[0] ?? "";
  const before = reading.text
    .slice(Math.max(0, (reading.offsets[hit.start] ?? 0) - 80), reading.offsets[hit.start])
    .toLowerCase();
  const joined = /^(?:with|and|has|have|having|of|holding|offering|each)/.test(words);
  const machines = joined
    ? (new RegExp(`\\b${machine}(?:,? (?:that|which|each))? ?$`).test(before) &&
        !/^(?:and|needs?|requires?)/.test(words)) ||
      new RegExp(`\\b${machine}(?: each)? (?:with|having|of|that has|that have) [^.;,]{0,60}$`).test(before)
    : new RegExp(`\\b${machine} (?:with|having|of|that has|that have|and) (?:at least )?$`).test(before);
  const total = /total|overall/.test(words);
  return fill(reading.draft, "memory", [
    (machines || behindNodes(hit)) && !total ? "perNodeGb" : "totalGb",
    toGibibytes(hit.groups[1], hit.groups[2]),
  ]);
}

/** Sizes that no other rule read are the job's memory. */
export const leftoverSizeRules: readonly Rule[] = [
  rule(
    "size alone",
    `(?:(?:with|and|needs?|uses?|using|requires?|each) ){0,2}(?:(?:${bound}) ?)?${fresh}${size}(?![\\w-]|[/.]\\w| /\\w| (?:of )?(?:data|input|output|files?|dataset|model|transfer|download|images?|reads|checkpoints?|archives?|database|backups?|tapes?|cache|logs?|volumes?|quota|[a-z]{2,20}/s))`,
    (hit) => {
      const before = hit.reading.work.slice(Math.max(0, hit.start - 24), hit.start);
      return /\b(?:transfer|move|copy|read|write|process|download|upload|analy[sz]e|stage|ingest|produce|generate|store|sav)(?:s|es|ing|ed|e)? (?:about |around |up to |roughly )?$|\b(?:input|output|data(?:set)?|files?|result)s? (?:is|are|has|takes?|comes? to) (?:about |around |roughly )?$|\b(?:quota|disk|drive|cache|file ?system|home|dataset|bandwidth):? (?:of )?$/.test(
        before,
      )
        ? "refused"
        : memory(behindNodes(hit) ? "perNodeGb" : "totalGb")(hit);
    },
  ),
];
