import { z } from "zod";
import { Line, QueueName, Uri } from "../arguments.ts";
import { operation } from "../operation.ts";
import { JobView, sayJob, viewJob } from "../views.ts";

/** Lists jobs, the caller's own unless a user is named. */
export const listJobs = operation({
  name: "flux_list_jobs",
  description: "Lists Flux jobs with state, exit code, queue, nodes and why they wait: active ones, or all.",
  toolset: "jobs",
  effect: "read",
  input: z.strictObject({
    uri: Uri,
    states: z
      .enum(["active", "inactive", "all"])
      .default("active")
      .describe("Which jobs: waiting and running, ended, or both; for example: all"),
    user: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, "is a user's name, a number or all")
      .optional()
      .describe("Whose jobs, or all; default those of the server's user; for example: all"),
    queue: QueueName,
    name: Line.optional().describe("Keeps jobs of exactly this name, for example: train"),
    limit: z.number().int().min(1).max(1000).default(50).describe("Most jobs of the answer, for example: 50"),
  }),
  output: z.object({ jobs: z.array(JobView), /** Whether there may be more. */ more: z.boolean() }),
  async run({ uri, ...request }, call) {
    const jobs = await call.flux(uri).jobs({ ...request, signal: call.signal });
    return { jobs: jobs.slice(0, request.limit).map(viewJob), more: jobs.length >= request.limit };
  },
  say: ({ jobs, more }) =>
    jobs.length === 0
      ? "No such jobs."
      : [...jobs.map(sayJob), ...(more ? ["There may be more: raise limit."] : [])].join("\n"),
});
