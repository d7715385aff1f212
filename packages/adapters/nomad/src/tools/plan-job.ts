import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { jobFileArguments, readJobFile } from "../job-file.ts";
import { operation } from "../operation.ts";
import { Plan, planJob } from "../register.ts";
import { sayPlan } from "../submit.ts";

/** Says what a job file would change, and why it could not be placed. */
export const planJobFile = operation({
  name: "plan_job",
  description:
    "Says what submitting a Nomad job file would change, and in words why groups could not be placed.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/plan" },
  effect: "read",
  input: z.strictObject({ ...jobFileArguments, namespace: Namespace }),
  output: Plan,
  run: async (args, call) => planJob(call, { ...(await readJobFile(call, args)), namespace: args.namespace }),
  say: (plan) => [sayPlan(plan), ...plan.warnings].join("\n"),
});
