import { BatchJob } from "./batch-job.ts";
import type { BatchField } from "./batch-job.ts";
import type { Loss } from "./loss.ts";

/** Where in the source a value was. */
export interface Origin {
  /** As the source spells it: `--mem`, `-l walltime`. */
  readonly directive: string;
  readonly line?: number | undefined;
  readonly value: string;
}

type Said = Pick<Loss, "why" | "note"> & Partial<Pick<Loss, "field" | "became" | "where">>;

/** A job while it is read: fields, where they came from, and what could not be kept. */
export interface Draft {
  readonly job: Partial<BatchJob>;
  readonly origins: ReadonlyMap<BatchField, Origin>;
  readonly report: readonly Loss[];
  /** What the next {@link set} and {@link lose} are about. */
  at(origin: Origin): void;
  place(): Origin;
  /** Sets a field; a value the record does not take is reported, a second one overrides the first. */
  set<F extends BatchField>(field: F, value: BatchJob[F]): void;
  /** Puts more into a field that is a list, or a record. */
  add<F extends BatchField>(field: F, merge: (before: BatchJob[F]) => BatchJob[F]): void;
  lose(said: Said): void;
}

const bounded = (value: string): string => (value.length > 200 ? `${value.slice(0, 199)}…` : value);

/** A report entry about a place of the source. */
export function lossAt(origin: Origin, said: Said): Loss {
  const { why, note, field, became, where = "reading" } = said;
  return {
    directive: bounded(origin.directive),
    ...(origin.line === undefined ? {} : { line: origin.line }),
    value: bounded(origin.value),
    why,
    where,
    note,
    ...(field === undefined ? {} : { field }),
    ...(became === undefined || became.length === 0 ? {} : { became: [...became] }),
  };
}

/** Starts an empty {@link Draft}. */
export function createDraft(): Draft {
  const job: Partial<BatchJob> = {};
  const origins = new Map<BatchField, Origin>();
  const report: Loss[] = [];
  let place: Origin = { directive: "", value: "" };
  const lose = (said: Said): void => void report.push(lossAt(place, said));
  const keep = (field: BatchField, value: unknown): void => {
    const parsed = BatchJob.shape[field].safeParse(value);
    if (!parsed.success) {
      const why = parsed.error.issues[0]?.message ?? "unusable";
      lose({ why: "unknown", note: `No value for ${field}: ${why}.` });
      return;
    }
    Object.assign(job, { [field]: parsed.data });
    origins.set(field, place);
  };
  return {
    job,
    origins,
    report,
    at: (origin) => void (place = origin),
    place: () => place,
    set: (field, value) => {
      const before = origins.get(field);
      const said = JSON.stringify(job[field]);
      keep(field, value);
      if (before !== undefined && before !== place && JSON.stringify(job[field]) !== said) {
        const note = `${place.directive} says something else about ${field}.`;
        report.push(lossAt(before, { why: "overridden", note, field }));
      }
    },
    add: (field, merge) => keep(field, merge(job[field])),
    lose,
  };
}
