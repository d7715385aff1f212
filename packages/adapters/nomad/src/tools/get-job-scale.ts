import { z } from "zod";
import { JobId, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";

const count = z
  .number()
  .nullish()
  .transform((found) => found ?? 0);
const Scale = z.object({
  JobStopped: z.boolean().nullish(),
  TaskGroups: z
    .record(
      z.string(),
      z.object({ Desired: count, Placed: count, Running: count, Healthy: count, Unhealthy: count }),
    )
    .nullish(),
});

/** How many allocations each group of a job wants and has. */
export const getJobScale = operation({
  name: "get_job_scale",
  description: "Shows how many allocations each group of a Nomad job wants and has.",
  toolset: "jobs",
  route: { method: "GET", path: "/api/jobs/{job_id}/scale" },
  effect: "read",
  input: z.strictObject({ job_id: JobId, namespace: Namespace }),
  output: z.object({
    stopped: z.boolean(),
    groups: z.record(
      z.string(),
      z.object({
        desired: z.number(),
        placed: z.number(),
        running: z.number(),
        healthy: z.number(),
        unhealthy: z.number(),
      }),
    ),
  }),
  async run({ job_id, namespace }, call) {
    const found = await call.nomad.read(Scale, {
      path: ["job", job_id, "scale"],
      namespace,
      signal: call.signal,
      doing: `read the scale of job ${JSON.stringify(job_id)}`,
      needs: "read-job-scaling",
    });
    const groups = Object.entries(found.TaskGroups ?? {}).map(([name, group]) => [
      name,
      {
        desired: group.Desired,
        placed: group.Placed,
        running: group.Running,
        healthy: group.Healthy,
        unhealthy: group.Unhealthy,
      },
    ]);
    return { stopped: found.JobStopped ?? false, groups: Object.fromEntries(groups) };
  },
  say: ({ groups }) =>
    Object.entries(groups)
      .map(([name, { desired, running }]) => `${name}: ${String(running)} of ${String(desired)} run`)
      .join("\n"),
});
