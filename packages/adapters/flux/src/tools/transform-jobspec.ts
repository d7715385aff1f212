import { toParleyError } from "@parley/core";
import { Dialect, Loss, transform } from "@parley/jobspec";
import { z } from "zod";
import { operation } from "../operation.ts";

const names = Dialect.options.join(", ");

/** Turns a job from one scheduler's form into another's, and reports everything that is not the same. */
export const transformJobspec = operation({
  name: "transform_jobspec",
  description: `Turns a batch script or jobspec into another scheduler's form (${names}), and reports each directive that had no counterpart or changed its meaning.`,
  toolset: "translate",
  effect: "read",
  openWorld: false,
  input: z.strictObject({
    batch_job: z
      .string()
      .max(1_000_000)
      .describe('The script or jobspec, for example: "#!/bin/sh\\n#SBATCH -N 2\\nsrun hostname\\n"'),
    to_format: z.string().max(40).describe("Form to turn it into, for example: flux"),
    from_format: z
      .string()
      .max(40)
      .optional()
      .describe("Form it is in; default what it looks like; for example: slurm"),
    image: z
      .string()
      .max(500)
      .optional()
      .describe("Container image for kubernetes, for example: docker.io/library/debian:12"),
    translate_variables: z
      .boolean()
      .default(false)
      .describe(
        "Also renames variables such as SLURM_JOB_ID in the script, where there is an exact counterpart, for example: true",
      ),
  }),
  output: z.object({
    status: z.enum(["SUCCESS", "FAILURE"]),
    /** Why not; null when it went. */
    error: z.string().nullable(),
    /** The text in the new form; null when it did not go. */
    jobspec: z.string().nullable(),
    from_format: z.string().optional(),
    to_format: z.string(),
    /** What is not in the new form as it was. */
    report: z.array(Loss),
  }),
  run({ batch_job, to_format, from_format, image, translate_variables }) {
    const failed = (
      error: string,
    ): { status: "FAILURE"; error: string; jobspec: null; to_format: string; report: [] } => ({
      status: "FAILURE",
      error,
      jobspec: null,
      to_format,
      report: [],
    });
    const to = Dialect.safeParse(to_format.toLowerCase());
    const from = Dialect.optional().safeParse(from_format?.toLowerCase());
    if (!to.success)
      return Promise.resolve(failed(`There is no form ${JSON.stringify(to_format)}; there are ${names}.`));
    if (!from.success)
      return Promise.resolve(failed(`There is no form ${JSON.stringify(from_format)}; there are ${names}.`));
    try {
      const made = transform(batch_job, {
        to: to.data,
        from: from.data,
        image,
        translateVariables: translate_variables,
      });
      return Promise.resolve({
        status: "SUCCESS" as const,
        error: null,
        jobspec: made.text,
        from_format: made.from,
        to_format: to.data,
        report: [...made.report],
      });
    } catch (error) {
      return Promise.resolve(failed(toParleyError(error).message));
    }
  },
  failed: ({ status }) => status === "FAILURE",
  say: ({ error, jobspec, report }) =>
    [
      error ?? jobspec ?? "",
      ...report.map(
        ({ line, directive, why, note }) =>
          `Note${line === undefined ? "" : ` (line ${String(line)})`}: ${directive}: ${why}. ${note}`,
      ),
    ].join("\n"),
});
