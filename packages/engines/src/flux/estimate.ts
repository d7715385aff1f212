import { countResources } from "./jobspec-counts.ts";
import type { FluxJobspec } from "./jobspec.ts";
import { fieldsOf, listOf, textOf } from "./json.ts";
import type { FluxResources } from "./site.ts";
import type { FluxVerdict } from "./validation.ts";

/** Whether a job could start now, later or never, and how that is known. */
export interface FluxEstimate {
  readonly when: "now" | "later" | "never" | "unknown";
  /** One sentence, with the numbers. */
  readonly reason: string;
  /** ISO-8601; only where the scheduler itself says so. */
  readonly startAt?: string | undefined;
  readonly basis: "scheduler" | "feasibility" | "idle-capacity" | "queue";
}

/** What {@link estimateStart} looks at. */
export interface EstimateFacts {
  /** Absent when the instance has no check for what it can ever run. */
  readonly verdict: FluxVerdict | undefined;
  /** Of the job's queue, with the properties it asks for. */
  readonly resources: FluxResources;
  /** Whether the job's queue starts jobs; absent when it is not known. */
  readonly queueUp: boolean | undefined;
}

const systemOf = (jobspec: FluxJobspec): ReadonlyMap<string, unknown> =>
  fieldsOf(fieldsOf(jobspec["attributes"]).get("system"));

/** The queue a jobspec names. */
export const queueOf = (jobspec: FluxJobspec): string | undefined => textOf(systemOf(jobspec).get("queue"));

/** Properties that every node of the job must have; undefined when its constraints say more than that. */
export function propertiesOf(jobspec: FluxJobspec): readonly string[] | undefined {
  const constraints = systemOf(jobspec).get("constraints");
  if (constraints === undefined) return [];
  const fields = fieldsOf(constraints);
  const names = listOf(fields.get("properties")).filter((name) => typeof name === "string");
  return fields.size === 1 && names.length === listOf(fields.get("properties")).length && names.length > 0
    ? names
    : undefined;
}

/** Free capacity against what is asked for; a node counts as free when any of its cores is. */
export function estimateStart(jobspec: FluxJobspec, facts: EstimateFacts): FluxEstimate {
  const { verdict, resources, queueUp } = facts;
  if (verdict?.valid === false) {
    return { when: "never", reason: `Flux says: ${verdict.reason ?? "not feasible"}.`, basis: "feasibility" };
  }
  if (queueUp === false) {
    return { when: "unknown", reason: "Its queue starts no jobs at present.", basis: "queue" };
  }
  const wanted = countResources(jobspec);
  const parts = [
    ["nodes", wanted["node"], resources.free.nodes, resources.up.nodes],
    ["cores", wanted["core"], resources.free.cores, resources.up.cores],
    ["GPUs", wanted["gpu"], resources.free.gpus, resources.up.gpus],
  ] as const;
  const say = (lacking: (typeof parts)[number], word: string, number: number): string =>
    `It needs ${lacking[1] ?? 0} ${lacking[0]}, and ${number} ${word}.`;
  const never = parts.find(([, need = 0, , up]) => need > up);
  // What is down may come back: only the scheduler's own check says never.
  if (never !== undefined) {
    return { when: "unknown", reason: say(never, "are up", never[3]), basis: "idle-capacity" };
  }
  const later = parts.find(([, need = 0, free]) => need > free);
  if (later !== undefined)
    return { when: "later", reason: say(later, "are free", later[2]), basis: "idle-capacity" };
  if (propertiesOf(jobspec) === undefined) {
    return {
      when: "unknown",
      reason: "Enough is free, if it meets the constraints.",
      basis: "idle-capacity",
    };
  }
  const { nodes, cores, gpus } = resources.free;
  return {
    when: "now",
    reason: `${nodes} nodes, ${cores} cores and ${gpus} GPUs are free.`,
    basis: "idle-capacity",
  };
}
