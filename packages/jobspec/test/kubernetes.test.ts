import { writeBatchJob } from "@parley/jobspec";
import * as fc from "fast-check";
import { Job } from "kubernetes-models/batch/v1/Job";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { transform } from "@parley/jobspec";
import { corpus } from "./corpus.ts";
import { anyJob } from "./job-generator.ts";

/** Checks a manifest against the API's published OpenAPI schema; throws what is wrong. */
function validate(manifest: string): void {
  const data = parse(manifest);
  const job = new Job(data);
  job.validate();
  // The schema of the API lets unknown fields through; the model keeps only what was given.
  expect(Object.keys(data.spec).filter((key) => !specKeys.has(key))).toEqual([]);
}

const specKeys = new Set([
  "activeDeadlineSeconds",
  "backoffLimit",
  "completionMode",
  "completions",
  "parallelism",
  "suspend",
  "template",
]);

test("[JSP-05] every generated job is a Job the Kubernetes API takes", () => {
  fc.assert(
    fc.property(anyJob, (job) =>
      validate(writeBatchJob(job, { to: "kubernetes", image: "example.org/app:1" }).text),
    ),
    { numRuns: 60 },
  );
});

test.each(corpus)("[JSP-05] $name becomes a Job the Kubernetes API takes", ({ text }) => {
  expect(() => validate(transform(text, { to: "kubernetes" }).text)).not.toThrow();
});

test("[JSP-05] the schema refuses what is wrong", () => {
  const { text } = writeBatchJob({ script: "true\n", nodes: 2 }, { to: "kubernetes" });
  expect(() => validate(text.replace("completions: 2", "completions: two"))).toThrow(/completions/);
  expect(() => validate(text.replace("backoffLimit", "backoflimit"))).toThrow(/backoflimit/);
});

test("[JSP-05] what a shell is to see reaches it, past the expansion of Kubernetes", () => {
  const { text } = writeBatchJob(
    { script: "echo $$ $(date) $(X) $${Y} $x\n", environment: { variables: { X: "1" } } },
    { to: "kubernetes" },
  );
  const [, , script] = parse(text).spec.template.spec.containers[0].command;
  // What the kubelet does: "$$" is one "$", "$(X)" the variable.
  const expanded = String(script).replaceAll(/\$\$|\$\(X\)/g, (match) => (match === "$$" ? "$" : "1"));
  expect(expanded).toBe("echo $$ $(date) $(X) $${Y} $x\n");
});
