import type { BatchJob, JobArray } from "../batch-job.ts";
import { rangesOf } from "../fields/array.ts";
import { path, qsubFields } from "../qsub/write.ts";
import { qsubDirectives } from "../qsub/read.ts";
import { writeScript } from "../write-script.ts";
import { nothing, together } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import { writeSelect } from "./select.ts";

function array(value: JobArray, pen: Pen): readonly string[] {
  const [range, ...more] = rangesOf(value);
  if (range === undefined || more.length > 0 || range.last <= range.first) {
    pen.lose("array", "-J takes one range of at least two indices: submit the job once for each range.");
    return [];
  }
  const limit = value.maxConcurrent === undefined ? "" : `%${value.maxConcurrent}`;
  return [`-J ${range.first}-${range.last}${range.step > 1 ? `:${range.step}` : ""}${limit}`];
}

const pathWords = { arrayIndex: "^array_index^" } as const;

const fields: FieldWriters = {
  ...qsubFields,
  qos: nothing("qos", "There is no quality of service: sites use queues."),
  reservation: nothing("reservation", "A reservation is a queue of its own: give its name to -q."),
  exclusive: together,
  array,
  signal: nothing("signal", "There is no warning before the time limit."),
  output: path("output", pathWords),
  error: path("error", pathWords),
  workingDirectory: nothing("workingDirectory", "Jobs begin in the home directory: cd in the script."),
};

/** Writes a script for qsub of PBS Pro or OpenPBS. */
export const writePbs = (job: BatchJob, pen: Pen): string =>
  writeScript(job, pen, { prefix: "#PBS ", rules: qsubDirectives.pbs, fields, joint: writeSelect });
