import type { BatchJob, JobArray } from "../batch-job.ts";
import { rangesOf } from "../fields/array.ts";
import { qsubDirectives } from "../qsub/read.ts";
import { option, path, qsubFields } from "../qsub/write.ts";
import { writeScript } from "../write-script.ts";
import { nothing } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import { writeMemories, writeShape } from "./nodes.ts";

function array(value: JobArray, pen: Pen): readonly string[] {
  const asked = value.indices.split(",");
  const parts = rangesOf(value).flatMap(({ first, last, step }, index) =>
    step === 1
      ? [asked[index] ?? ""]
      : Array.from(
          { length: Math.min(1000, Math.floor((last - first) / step) + 1) },
          (_, at) => `${first + at * step}`,
        ),
  );
  if (value.indices.includes(":"))
    pen.approximate("array", "There is no step: indices are written out, at most 1000.");
  return [`-t ${parts.join(",")}${value.maxConcurrent === undefined ? "" : `%${value.maxConcurrent}`}`];
}

/** Placeholders of `-o` and `-e`. */
export const torquePathWords = {
  jobId: "$PBS_JOBID",
  jobName: "$PBS_JOBNAME",
  arrayIndex: "$PBS_ARRAYID",
  user: "$USER",
} as const;

const fields: FieldWriters = {
  ...qsubFields,
  qos: nothing("qos", "Only Moab and Maui have a quality of service: -l qos=NAME."),
  reservation: nothing("reservation", "Only Moab and Maui have reservations: -l advres=NAME."),
  exclusive: (value, pen) => {
    if (!value) pen.lose("exclusive", "Whether nodes are shared is the queue's default.");
    return value ? ["-n"] : [];
  },
  array,
  signal: nothing("signal", "There is no warning before the time limit."),
  output: path("output", torquePathWords),
  error: path("error", torquePathWords),
  workingDirectory: (value, pen) => option("-d", value, ["workingDirectory", pen]),
};

/** Writes a script for qsub of Torque. */
export const writeTorque = (job: BatchJob, pen: Pen): string =>
  writeScript(job, pen, {
    prefix: "#PBS ",
    rules: qsubDirectives.torque,
    fields,
    joint: (job, pen) => [...writeShape(job, pen, { namesInNodes: true }), ...writeMemories(job, pen)],
  });
