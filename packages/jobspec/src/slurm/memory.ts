import type { BatchJob } from "../batch-job.ts";
import { kibibyte, mebibyte } from "../fields/memory.ts";
import type { MemoryField } from "../fields/readers.ts";
import { completeShape } from "../fields/shape.ts";
import type { Pen } from "../writing.ts";

interface Way {
  readonly field: MemoryField;
  readonly option: string;
  /** What the amount is multiplied with. */
  readonly times: number;
  readonly became?: MemoryField;
}

/** Slurm takes one of `--mem`, `--mem-per-cpu` and `--mem-per-gpu`: the first way that fits best wins. */
function ways(job: BatchJob): Way[] {
  const { nodes = 1, cpusPerTask } = completeShape(job);
  return [
    { field: "memoryBytesPerNode", option: "mem", times: 1 },
    { field: "memoryBytesPerCpu", option: "mem-per-cpu", times: 1 },
    { field: "memoryBytesPerGpu", option: "mem-per-gpu", times: 1 },
    {
      field: "memoryBytesPerTask",
      option: "mem-per-cpu",
      times: 1 / cpusPerTask,
      became: "memoryBytesPerCpu",
    },
    { field: "memoryBytes", option: "mem", times: 1 / nodes, became: "memoryBytesPerNode" },
  ];
}

function amount(bytes: number): string {
  const whole = Math.ceil(bytes / kibibyte) * kibibyte;
  return whole % mebibyte === 0 ? `${whole / mebibyte}M` : `${whole / kibibyte}K`;
}

/** Writes the one option for memory. */
export function writeMemoryOption(job: BatchJob, pen: Pen): readonly string[] {
  const [first, ...rest] = ways(job).filter(({ field }) => job[field] !== undefined);
  for (const { field } of rest) {
    pen.lose(field, `Slurm takes memory in one way only, and --${first?.option} says it.`);
  }
  if (first === undefined) return [];
  const bytes = Math.ceil((job[first.field] ?? 0) * first.times);
  if (first.became !== undefined) {
    pen.approximate(first.field, `Slurm says it as --${first.option}, shared out evenly.`, [first.became]);
  } else if (bytes % mebibyte !== 0) {
    pen.approximate(first.field, "Slurm counts memory in whole MiB and rounds up.");
  }
  return [`--${first.option}=${amount(bytes)}`];
}
