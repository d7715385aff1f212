import { z } from "zod";
import { TimeoutSeconds } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { JobId } from "../arguments.ts";
import { slurmOf } from "../site.ts";
import { Waited, sayWaited, waitForJob } from "../wait.ts";

/** Waits for a job. */
export const slurmWaitForJob = operation({
  name: "slurm_wait_for_job",
  description:
    "Waits until a Slurm job has started or ended, with progress, and says its state and exit code. Cancelling the call " +
    "leaves the job alone.",
  toolset: "slurm",
  effect: "read",
  task: "optional",
  input: z.strictObject({
    job_id: JobId,
    until: z.enum(["started", "ended"]).default("ended").describe("What to wait for, for example: started"),
    timeout_seconds: TimeoutSeconds.default(3600),
  }),
  output: Waited,
  run: (args, call) => waitForJob(call, slurmOf(call), args),
  say: sayWaited,
});
