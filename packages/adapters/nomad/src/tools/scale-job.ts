import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Registered } from "../answers.ts";
import { Confirm, GroupName, JobId, Namespace } from "../arguments.ts";
import { readJob } from "../jobs.ts";
import { operation } from "../operation.ts";

/** Sets how many allocations a group of a job wants. */
export const scaleJob = operation({
  name: "scale_job",
  description: "Sets how many allocations a group of a Nomad job wants. Fewer than now needs confirm: true.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/{job_id}/scale" },
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    job_id: JobId,
    namespace: Namespace,
    group: GroupName.optional(),
    count: z.number().int().min(0).max(10_000).describe("Allocations wanted, for example: 3"),
    message: z
      .string()
      .max(500)
      .optional()
      .describe("Reason, kept with the scaling event, for example: evening load"),
    confirm: Confirm,
  }),
  output: z.object({
    job_id: z.string(),
    group: z.string(),
    count: z.number(),
    previous_count: z.number(),
    evaluation_id: z.string().optional(),
  }),
  async run({ job_id, namespace, group, count, message, confirm }, call) {
    const { job } = await readJob(call, { job_id, namespace });
    const names = job.TaskGroups.map(({ Name }) => Name);
    const chosen = group ?? (names.length === 1 ? names[0] : undefined);
    const found = job.TaskGroups.find(({ Name }) => Name === chosen);
    if (found === undefined) {
      throw new ParleyError(
        "E_ARGUMENT_INVALID",
        `Job ${JSON.stringify(job_id)} has the groups ${names.join(", ")}: name one.`,
      );
    }
    const previous = found.Count ?? 1;
    if (count < previous && !confirm) {
      throw new ParleyError(
        "E_CONFIRM_REQUIRED",
        `Nothing was done. scale_job would stop ${String(previous - count)} of ${String(previous)} allocations of group ` +
          `${JSON.stringify(found.Name)}. Call it again with confirm: true to go on.`,
      );
    }
    const { EvalID } = await call.nomad.read(Registered, {
      method: "POST",
      path: ["job", job_id, "scale"],
      body: {
        Count: count,
        Target: { Group: found.Name },
        ...(message === undefined ? {} : { Message: message }),
      },
      namespace,
      signal: call.signal,
      doing: `scale group ${JSON.stringify(found.Name)} of job ${JSON.stringify(job_id)}`,
      needs: "scale-job or submit-job",
    });
    return {
      job_id,
      group: found.Name,
      count,
      previous_count: previous,
      ...(EvalID === "" ? {} : { evaluation_id: EvalID }),
    };
  },
  say: ({ job_id, group, count, previous_count }) =>
    `${job_id}/${group} goes from ${String(previous_count)} to ${String(count)}.`,
});
