import { JobArray } from "../batch-job.ts";

/** One stretch of indices. */
export interface IndexRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** Reads `1-10:2,15%3`, the form Slurm, Torque, LSF and Moab share. */
export function readArray(text: string): JobArray | undefined {
  const match = /^\[?([\d,:-]+)\]?(?:%(\d+))?$/.exec(text.trim());
  const limit = Number(match?.[2] ?? 0);
  const parsed = JobArray.safeParse({
    indices: match?.[1],
    ...(limit > 0 ? { maxConcurrent: limit } : {}),
  });
  return parsed.success ? parsed.data : undefined;
}

/** The stretches of an array's indices. */
export function rangesOf({ indices }: JobArray): IndexRange[] {
  return indices.split(",").map((part) => {
    const [span = "", step = "1"] = part.split(":");
    const [first = "0", last = first] = span.split("-");
    return { first: Number(first), last: Number(last), step: Math.max(1, Number(step)) };
  });
}

/** How many elements an array has. */
export function arraySize(array: JobArray): number {
  return rangesOf(array).reduce(
    (sum, { first, last, step }) => sum + Math.max(0, Math.floor((last - first) / step) + 1),
    0,
  );
}

/** Prints `1-10:2,15%3`. */
export function writeArray({ indices, maxConcurrent }: JobArray): string {
  return maxConcurrent === undefined ? indices : `${indices}%${maxConcurrent}`;
}
