import { joinRanges, type fillCount } from "./draft.ts";
import type { Outcome } from "./marks.ts";
import type { Hit } from "./mask.ts";
import { readQuantity } from "./quantity.ts";

/** A count of nodes, cores or tasks. */
export type Counted = Parameters<typeof fillCount>[1];

/** A bound and a number as a range: groups 1 and 2, or 3 and 4 the other way round. */
export function rangeOf({ groups }: Hit): ReturnType<typeof readQuantity> {
  const [, before, first, second, behind] = groups;
  const words = [undefined, undefined, before, first ?? second, undefined, undefined, undefined, behind];
  return readQuantity(words, 1);
}

/** A second bound joins the one count of GPUs there is. */
export function joinGpus(hit: Hit): Outcome {
  const { draft } = hit.reading;
  const keys = (["total", "perNode", "perTask"] as const).filter((key) => draft.gpu?.[key] !== undefined);
  const [key] = keys;
  const next = rangeOf(hit);
  const joined = key && next && joinRanges(draft.gpu?.[key], next);
  if (!key || keys.length > 1 || !joined || !draft.gpu) return "refused";
  draft.gpu = { ...draft.gpu, [key]: joined };
  return { path: "gpu" };
}

/** The count of `compute` a path names, if it names one. */
export function countedKey(path: string | undefined): Counted | undefined {
  const keys: readonly Counted[] = ["nodes", "cores", "coresPerNode", "tasks", "tasksPerNode"];
  return keys.find((key) => path === `compute.${key}`);
}

/** Whether `6 per node` follows GPUs rather than ranks or cores. */
export function gpuNamedLast({ reading, start }: Hit): boolean {
  const at = reading.offsets[start] ?? 0;
  const before = reading.text.slice(Math.max(0, at - 80), at).toLowerCase();
  return /\bgpus?\b/.test(before) && !/\b(?:ranks?|tasks?|process(?:es)?|cores?|mpi)\b/.test(before);
}
