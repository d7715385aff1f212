import { cpus, loadavg, totalmem } from "node:os";
import { performance } from "node:perf_hooks";

/** One figure of a benchmark. A target makes it a gate under `--check`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
}

export interface BenchOptions {
  /** Smaller inputs and fewer rounds, for continuous integration; targets stay. */
  readonly short: boolean;
}

export interface Bench {
  readonly name: string;
  /** What is measured, on what, against what. */
  readonly title: string;
  run(options: BenchOptions): Promise<readonly Figure[]>;
}

/** Whether a figure keeps its target; one without a target always does. */
export function meets({ value, target }: Figure): boolean {
  if (!target) return true;
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}

/** The p-quantile (0..1) of a sample, by the nearest rank. */
export function quantile(sample: readonly number[], p: number): number {
  const ordered = sample.toSorted((left, right) => left - right);
  return ordered[Math.min(ordered.length - 1, Math.max(0, Math.ceil(p * ordered.length) - 1))] ?? Number.NaN;
}

/** Runs work `rounds` times after `warmUp` uncounted ones; returns milliseconds of each. */
export async function timeRounds(
  work: () => unknown,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<readonly number[]> {
  const sample: number[] = [];
  for (let round = -warmUp; round < rounds; round += 1) {
    const startedMs = performance.now();
    await work();
    if (round >= 0) sample.push(performance.now() - startedMs);
  }
  return sample;
}

/** The machine in one line and how busy it is, for the reader of a result: wall times on a busy one say little. */
export function machine(): string {
  const [cpu] = cpus();
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} x ${cpu?.model.trim() || "unknown processor"}, ${memoryGib} GiB, Node ${process.version}, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}
