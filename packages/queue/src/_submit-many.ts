import type { Context } from "./_context.ts";
import { done, encode } from "./_context.ts";
import { diskFull } from "./_errors.ts";
import { rowsPerInsert } from "./_inserts.ts";
import type { ContentRow, TaskRow } from "./_rows.ts";
import { newRow, recordSubmission, tooLarge } from "./_submit.ts";
import type { Outcome, TaskInput } from "./schema.ts";

/** Whether nothing that is stored decides what becomes of a submission. */
export const isPlain = ({ dependsOn, idempotencyKey, dedup }: TaskInput): boolean =>
  dependsOn.length === 0 && idempotencyKey === undefined && dedup === undefined;

function submitSome(context: Context, inputs: readonly TaskInput[]): Outcome[] {
  if (context.nearlyFull()) throw diskFull(context.settings.path);
  const rows: TaskRow[] = [];
  const contents: Pick<ContentRow, "seq" | "payload" | "notes">[] = [];
  const outcomes = inputs.map((input) => {
    const encoded = encode(context, input.payload);
    if ("problem" in encoded) return tooLarge(encoded.problem);
    const row = newRow(context, { input, parents: [] });
    rows.push(row);
    contents.push({ seq: row.seq, payload: encoded.text, notes: null });
    recordSubmission(context, row);
    return done(row);
  });
  context.statements.insertTasks(rows);
  context.statements.insertContents(contents);
  return outcomes;
}

/** Submits plain tasks in their order, many rows to a statement. */
export function submitPlain(context: Context, inputs: readonly TaskInput[]): Outcome[] {
  const outcomes: Outcome[] = [];
  for (let at = 0; at < inputs.length; at += rowsPerInsert) {
    outcomes.push(...submitSome(context, inputs.slice(at, at + rowsPerInsert)));
  }
  return outcomes;
}
