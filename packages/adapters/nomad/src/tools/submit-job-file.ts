import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { jobFileArguments, readJobFile } from "../job-file.ts";
import { operation } from "../operation.ts";
import { Submitted, saySubmitted, submit, submitArguments } from "../submit.ts";

/** Submits a job file in HCL or JSON. */
export const submitJobFile = operation({
  name: "submit_job_file",
  description:
    "Submits a Nomad job file, HCL (with variables) or JSON. A dry run says what would change and why it cannot be placed.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/submit" },
  effect: "destroy",
  long: true,
  input: z.strictObject({ ...jobFileArguments, namespace: Namespace, ...submitArguments }),
  output: Submitted,
  run: async (args, call) => submit(call, await readJobFile(call, args), args),
  say: saySubmitted,
});
