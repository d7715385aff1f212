import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { jobFileArguments, readJobFile } from "../job-file.ts";
import { operation } from "../operation.ts";

const Validation = z.object({
  ValidationErrors: z.array(z.string()).nullish(),
  Error: z.string().nullish(),
  Warnings: z.string().nullish(),
});

/** Checks a job file without planning it. */
export const validateJobFile = operation({
  name: "validate_job_file",
  description: "Checks a Nomad job file; says what is wrong with it. plan_job says whether it can be placed.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/validate" },
  effect: "read",
  input: z.strictObject({ ...jobFileArguments, namespace: Namespace }),
  output: z.object({ valid: z.boolean(), problems: z.array(z.string()), warnings: z.array(z.string()) }),
  async run(args, call) {
    const { job, warnings } = await readJobFile(call, args);
    const found = await call.nomad.read(Validation, {
      method: "POST",
      path: ["validate", "job"],
      body: { Job: job },
      namespace: args.namespace,
      signal: call.signal,
      doing: "validate the job file",
      needs: "read-job",
    });
    const listed = found.ValidationErrors ?? [];
    const problems = listed.length === 0 && found.Error ? [found.Error] : listed;
    return {
      valid: problems.length === 0,
      problems: problems.slice(0, 50),
      warnings: [...warnings, ...(found.Warnings ? [found.Warnings] : [])],
    };
  },
  say: ({ valid, problems, warnings }) =>
    [valid ? "The job file is valid." : "The job file is invalid:", ...problems, ...warnings].join("\n"),
});
