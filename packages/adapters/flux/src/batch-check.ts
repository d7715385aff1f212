import { toParleyError } from "@parley/core";
import { readBatchJob } from "@parley/jobspec";
import type { BatchJob, Loss, ReadJob } from "@parley/jobspec";

/** What is wrong with a batch script's directives, and what they ask for. */
export interface BatchCheck {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly job: BatchJob | undefined;
}

const at = ({ line, directive, note }: Loss): string =>
  `${line === undefined ? "" : `line ${String(line)}: `}${directive}: ${note}`;

const faults: ReadonlySet<string> = new Set(["unknown", "not a directive"]);

/** Looks at the `#flux:` directives of a script for flux batch. */
export function checkBatch(script: string): BatchCheck {
  if (script.trim() === "") return { errors: ["The script is empty."], warnings: [], job: undefined };
  const read = readOrWhy(script);
  if (typeof read === "string") return { errors: [read], warnings: [], job: undefined };
  const { job, report } = read;
  const colon = script
    .split("\n")
    .flatMap((line, index) =>
      /^\s*#\s*flux\s+-/i.test(line)
        ? [`line ${String(index + 1)}: directives are written #flux: with a colon.`]
        : [],
    );
  const shebang = script.startsWith("#!")
    ? []
    : ["line 1: a batch script begins with #! and its interpreter."];
  const size =
    job.nodes === undefined && job.tasks === undefined
      ? [
          "No directive says how many nodes or slots it needs: add #flux: -N1 or #flux: -n1, or say so when submitting.",
        ]
      : [];
  return {
    errors: [...shebang, ...colon, ...report.filter(({ why }) => faults.has(why)).map(at)],
    warnings: [...size, ...report.filter(({ why }) => !faults.has(why)).map(at)],
    job,
  };
}

/** The script read, or why it cannot be. */
function readOrWhy(script: string): ReadJob | string {
  try {
    return readBatchJob(script, { from: "flux" });
  } catch (error) {
    const { code, message } = toParleyError(error);
    if (code === "E_JOBSPEC_INVALID") return message;
    throw error;
  }
}

/** How many nodes, slots, cores and GPUs in all the directives ask for. */
export function countBatch(job: BatchJob): Readonly<Record<string, number>> {
  const nodes = job.nodes;
  const slots = job.tasks ?? (nodes === undefined ? undefined : nodes * (job.tasksPerNode ?? 1));
  const gpus =
    job.gpus ??
    (job.gpusPerTask === undefined || slots === undefined ? undefined : job.gpusPerTask * slots) ??
    (job.gpusPerNode === undefined || nodes === undefined ? undefined : job.gpusPerNode * nodes);
  const counts = {
    node: nodes,
    slot: slots,
    core: slots === undefined ? undefined : slots * (job.cpusPerTask ?? 1),
    gpu: gpus,
  };
  return Object.fromEntries(
    Object.entries(counts).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
