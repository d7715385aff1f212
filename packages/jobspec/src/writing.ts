import { BatchField } from "./batch-job.ts";
import type { BatchJob } from "./batch-job.ts";
import { lossAt } from "./draft.ts";
import type { Origin } from "./draft.ts";
import type { Loss } from "./loss.ts";

/** What a writer says beside its text. */
export interface Pen {
  readonly report: readonly Loss[];
  /** The target cannot say it. */
  lose(field: BatchField, note: string): void;
  /** The target says it in another way; read again it is in the fields `became`. */
  approximate(field: BatchField, note: string, became?: readonly BatchField[]): void;
  /** The target needs what the job does not say. */
  add(field: BatchField, note: string): void;
}

const shown = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** Starts a {@link Pen}; losses name the directive of the source where there is one. */
export function createPen(job: BatchJob, origins: ReadonlyMap<BatchField, Origin>): Pen {
  const report: Loss[] = [];
  const say = (field: BatchField, said: Pick<Loss, "why" | "note" | "became">): void => {
    const origin = origins.get(field) ?? { directive: field, value: shown(job[field]) };
    report.push(lossAt(origin, { ...said, field, where: "writing" }));
  };
  return {
    report,
    lose: (field, note) => say(field, { why: "no counterpart", note }),
    approximate: (field, note, became) =>
      say(field, { why: "approximated", note, ...(became === undefined ? {} : { became: [...became] }) }),
    add: (field, note) => say(field, { why: "added", note }),
  };
}

/** What a field of the job comes to, as options of a scheduler. */
export type FieldWriter<F extends BatchField> = (
  value: BatchJob[F] & {},
  pen: Pen,
  job: BatchJob,
) => readonly string[];

/** One writer for each field: a new field compiles only when every dialect has an answer to it. */
export type FieldWriters = { readonly [F in BatchField]: FieldWriter<F> };

/** Written together with other fields, elsewhere. */
export const together = (): readonly string[] => [];

/** A field the scheduler cannot say. */
export const nothing =
  (field: BatchField, note: string) =>
  (_value: unknown, pen: Pen): readonly string[] => {
    pen.lose(field, note);
    return [];
  };

function writeField<F extends BatchField>(
  field: F,
  writers: FieldWriters,
  context: Written,
): readonly string[] {
  const value = context.job[field];
  const write: FieldWriter<F> = writers[field];
  return value === undefined || value === null ? [] : write(value, context.pen, context.job);
}

interface Written {
  readonly job: BatchJob;
  readonly pen: Pen;
}

/** The options of all fields, in the order of the record. */
export const writeFields = (writers: FieldWriters, context: Written): string[] =>
  BatchField.options.flatMap((field) => writeField(field, writers, context));
