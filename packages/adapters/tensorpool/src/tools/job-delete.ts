import { z } from "zod";
import { Said, sayMessage } from "../answers.ts";
import { Confirm, JobId } from "../arguments.ts";
import { jobCommands } from "../commands/jobs.ts";
import { operation } from "../operation.ts";

/** Forgets a job that has ended. */
export const jobDelete = operation({
  name: "job_delete",
  description: "Deletes a TensorPool job that has ended, with its outputs; needs confirm: true.",
  toolset: "jobs",
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({ job_id: JobId, confirm: Confirm }),
  output: Said,
  destroys: ({ job_id }) => `would delete job ${job_id} and the outputs kept of it.`,
  async run({ job_id }, call) {
    const { message } = await call.backend.send(jobCommands.remove(job_id), call);
    return { message };
  },
  say: sayMessage,
});
