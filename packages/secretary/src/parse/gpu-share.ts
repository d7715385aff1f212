import type { JobRequirements } from "@parley/core";
import { fillGpu, joinRanges, union, type Gpu } from "./draft.ts";
import { behindNodes, eachOf } from "./each.ts";
import { gpuFields } from "./gpu-names.ts";
import type { Outcome } from "./marks.ts";
import type { Hit } from "./mask.ts";

/** What holds GPUs. */
export const gpuNode = "nodes?|machines?|hosts?|servers?|box(?:es)?|workstations?|instances?|vms?|computers?";

/** Reads `a100`, `a100 or h100`; the vendor stays open where the models' vendors differ. */
export function readModels(words: string | undefined): Partial<Gpu> | undefined {
  if (words === undefined) return {};
  let fields: Partial<Gpu> = {};
  for (const part of words.split(/,? or |\/|, /)) {
    const found = gpuFields(part) ?? gpuFields(part.replace(/s$/, ""));
    if (!found) return undefined;
    const mixed = fields.vendor !== undefined && fields.vendor !== found.vendor;
    fields = { ...fields, ...found, models: union(fields.models, found.models ?? []) };
    if (mixed) delete fields.vendor;
  }
  return fields;
}

/** What a count of GPUs is counted over. */
export type Share = "total" | "perNode" | "perTask";

/** Whether a count of GPUs is for the job, a node or a task, by the words around it. */
export function shareOf(hit: Hit, words: { per: string | undefined; each: string | undefined }): Share {
  if (words.per !== undefined) return /^(?:mpi|rank|task|proc)/.test(words.per) ? "perTask" : "perNode";
  if (words.each !== undefined) {
    const owner = eachOf(hit);
    return owner === "node" ? "perNode" : owner === "task" ? "perTask" : "total";
  }
  const after = hit.reading.work.slice(hit.end, hit.end + 40);
  if (
    new RegExp(`^ ?,? ?(?:all )?(?:on|in|within) (?:the |a )?(?:1|one|single|same)[ -](?:${gpuNode})`).test(
      after,
    )
  )
    return "perNode";
  if (behindNodes(hit)) return "perNode";
  const before = hit.reading.work.slice(Math.max(0, hit.start - 60), hit.start);
  if (/(?:^|[\n,;] ?-? ?)each (?:with|having|has|holds|needs) $/.test(before))
    return eachOf(hit) === "task" ? "perTask" : "perNode";
  return new RegExp(
    `(?:${gpuNode}),? (?:(?:each )?(?:with|having|that has|that have|has|have|containing|holding|offering|carrying)|which has)(?: an?)? $|(?:${gpuNode}|\\d{1,6}n) x ?$`,
  ).test(before)
    ? "perNode"
    : "total";
}

/** Records a count of GPUs and what is known of them. */
export function fillShare(
  draft: JobRequirements,
  fields: Partial<Gpu>,
  share: { key: Share; range: Gpu["total"] },
): Outcome {
  if (share.range === undefined) return "refused";
  const joined = joinRanges(draft.gpu?.[share.key], share.range);
  if (!joined) return "refused";
  const rest = { ...fields };
  if (draft.gpu?.models !== undefined && rest.models === undefined) delete rest.vendor;
  const known = draft.gpu?.[share.key];
  if (known && draft.gpu) draft.gpu = { ...draft.gpu, [share.key]: joined };
  return fillGpu(draft, { ...rest, [share.key]: joined });
}
