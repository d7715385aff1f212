import type { BatchJob } from "../batch-job.ts";
import { writeArray } from "../fields/array.ts";
import { sayableConstraints } from "../fields/constraints.ts";
import { isOneHost } from "../fields/hosts.ts";
import { qsubDirectives } from "../qsub/read.ts";
import { option, path, qsubFields } from "../qsub/write.ts";
import { propertyRules, writeMemories, writeShape } from "../torque/nodes.ts";
import { torquePathWords } from "../torque/write.ts";
import { writeScript } from "../write-script.ts";
import type { FieldWriters, Pen } from "../writing.ts";

const hosts =
  (field: "nodelist" | "excludeNodes", name: string) =>
  (value: readonly string[], pen: Pen): readonly string[] => {
    if (value.every(isOneHost)) return [`-l ${name}=${value.join("+")}`];
    pen.lose(field, "Hosts are named one by one, without brackets.");
    return [];
  };

const resource =
  (field: "qos" | "reservation", name: string) =>
  (value: string, pen: Pen): readonly string[] => {
    if (/^[\w.@:+-]+$/.test(value)) return [`-l ${name}=${value}`];
    pen.lose(field, "A list of resources cannot hold this value.");
    return [];
  };

const fields: FieldWriters = {
  ...qsubFields,
  qos: resource("qos", "qos"),
  reservation: resource("reservation", "advres"),
  exclusive: (value) => [`-l naccesspolicy=${value ? "singlejob" : "shared"}`],
  constraints: (_value, pen, job) => {
    const words = sayableConstraints(job, pen, propertyRules);
    return words.length === 0 ? [] : [`-l feature=${words.join(":")}`];
  },
  nodelist: hosts("nodelist", "hostlist"),
  excludeNodes: hosts("excludeNodes", "excludenodes"),
  licenses: (value) => [`-l gres=${value.map(({ name, count }) => `${name}:${count}`).join("%")}`],
  array: (value) => {
    const { maxConcurrent, ...rest } = value;
    return [`-t [${writeArray(rest)}]${maxConcurrent === undefined ? "" : `%${maxConcurrent}`}`];
  },
  signal: (value, pen) => {
    if (value.batchShell === true) pen.approximate("signal", "All processes get the signal.");
    return [`-l signal=${value.name}${value.secondsBefore === undefined ? "" : `@${value.secondsBefore}`}`];
  },
  output: path("output", torquePathWords),
  error: path("error", torquePathWords),
  workingDirectory: (value, pen) => option("-d", value, ["workingDirectory", pen]),
};

/** Writes a script for msub. */
export const writeMoab = (job: BatchJob, pen: Pen): string =>
  writeScript(job, pen, {
    prefix: "#MSUB ",
    rules: qsubDirectives.moab,
    fields,
    joint: (job, pen) => [...writeShape(job, pen, { namesInNodes: false }), ...writeMemories(job, pen)],
  });
