import type { JobRequirements, Range, SoftwareRequirement } from "@parley/core";
import type { Outcome } from "./marks.ts";

/** The parts of a draft that hold named fields. */
type Sections = {
  [
    Key in "compute" | "memory" | "time" | "network" | "platform" | "scheduler" | "execution" | "placement"
  ]: NonNullable<JobRequirements[Key]>;
};
export type Gpu = NonNullable<JobRequirements["gpu"]>;
export type Mpi = NonNullable<JobRequirements["mpi"]>;
type Storage = NonNullable<JobRequirements["storage"]>[number];

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/**
 * Fills a field that is still empty. The first statement wins: another value for the same field is refused,
 * so that it is reported instead of being picked silently.
 */
export function fill<Section extends keyof Sections, Key extends keyof Sections[Section] & string>(
  draft: JobRequirements,
  section: Section,
  entry: readonly [Key, Sections[Section][Key] | undefined],
): Outcome {
  const [key, value] = entry;
  if (value === undefined) return "refused";
  const fields: Partial<Sections[Section]> = draft[section] ?? {};
  const path = `${section}.${key}`;
  if (fields[key] !== undefined) return same(fields[key], value) ? { path } : "refused";
  Object.assign(draft, { [section]: { ...fields, [key]: value } });
  return { path };
}

/** Joins two statements about one count where they complete each other: `at least 2`, `at most 8`. */
export function joinRanges(known: Range | undefined, next: Range): Range | undefined {
  if (known === undefined || same(known, next)) return next;
  const open = known.min === undefined ? next.max === undefined : next.min === undefined;
  const joined = { ...known, ...next };
  const closes = known.min === undefined || known.max === undefined;
  return open && closes && (joined.min ?? 0) <= (joined.max ?? Infinity) ? joined : undefined;
}

type Counted = "nodes" | "cores" | "coresPerNode" | "tasks" | "tasksPerNode";

/** Fills a count of the compute section, joining it with what is known. */
export function fillCount(draft: JobRequirements, key: Counted, range: Range | undefined): Outcome {
  const joined = range && joinRanges(draft.compute?.[key], range);
  if (!joined) return "refused";
  draft.compute = { ...draft.compute, [key]: joined };
  return { path: `compute.${key}` };
}

/** Adds to the GPU section; a field that already says otherwise refuses the whole statement. */
export function fillGpu(draft: JobRequirements, fields: Partial<Gpu>): Outcome {
  const gpu: Gpu = draft.gpu ?? { need: fields.need ?? "required" };
  if (gpu.need === "none" && fields.need !== "none") return "refused";
  for (const [key, value] of Object.entries(fields)) {
    const known = Object.entries(gpu).find(([name]) => name === key)?.[1];
    if (key !== "need" && known !== undefined && !same(known, value)) return "refused";
  }
  draft.gpu = { ...gpu, ...fields, need: gpu.need === "required" ? (fields.need ?? "required") : gpu.need };
  return { path: "gpu" };
}

/** Adds a piece of software, joining two mentions of one name. */
export function addSoftware(draft: JobRequirements, item: SoftwareRequirement): Outcome {
  const software = draft.software ?? [];
  const index = software.findIndex((known) => known.name === item.name);
  const known = software[index];
  if (!known) {
    draft.software = [...software, item];
    return { path: `software.${software.length}` };
  }
  if (
    known.version !== undefined &&
    item.version !== undefined &&
    !(known.version === item.version && known.op === item.op)
  ) {
    return "refused";
  }
  draft.software = software.with(index, { ...known, ...item });
  return { path: `software.${index}` };
}

/** Says that MPI is needed, and which. */
export function fillMpi(draft: JobRequirements, fields: Partial<Mpi>): Outcome {
  const known = draft.mpi ?? { required: true };
  if (!known.required) return "refused";
  if (fields.impl !== undefined && known.impl !== undefined && known.impl !== fields.impl) return "refused";
  draft.mpi = { ...known, ...fields };
  return { path: "mpi" };
}

/** Adds a storage need; a kind mentioned twice is one need. */
export function addStorage(draft: JobRequirements, item: Storage): Outcome {
  const storage = draft.storage ?? [];
  const index = storage.findIndex((known) => known.kind !== undefined && known.kind === item.kind);
  const known = storage[index];
  if (
    known &&
    item.minFreeGb !== undefined &&
    known.minFreeGb !== undefined &&
    item.minFreeGb !== known.minFreeGb
  ) {
    return "refused";
  }
  draft.storage = known ? storage.with(index, { ...known, ...item }) : [...storage, item];
  return { path: `storage.${known ? index : storage.length}` };
}

/** Appends to a list of names, each once. */
export function union(known: readonly string[] | undefined, added: readonly string[]): string[] {
  return [...new Set([...(known ?? []), ...added])];
}
