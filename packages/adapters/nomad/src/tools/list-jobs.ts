import { z } from "zod";
import { JobStub } from "../answers.ts";
import { Filter, NamespaceOrAll, NextToken, PerPage, Prefix } from "../arguments.ts";
import { operation } from "../operation.ts";
import { readPage } from "../paging.ts";
import { JobRow, sayPage, viewJobStub } from "../views.ts";

/** Lists jobs. `status` and `type` are matched here, so that they work before Nomad 1.3 too. */
export const listJobs = operation({
  name: "list_jobs",
  aliases: ["list_nomad_jobs"],
  description:
    "Lists Nomad jobs with their allocation counts. Status dead means over, not failed: see get_job_status.",
  toolset: "jobs",
  route: { method: "GET", path: "/api/jobs" },
  effect: "read",
  input: z.strictObject({
    namespace: NamespaceOrAll,
    prefix: Prefix,
    filter: Filter,
    status: z
      .enum(["pending", "running", "dead"])
      .optional()
      .describe("Keeps jobs of this status within the page, for example: running"),
    type: z
      .enum(["service", "batch", "system", "sysbatch"])
      .optional()
      .describe("Keeps jobs of this type within the page, for example: batch"),
    per_page: PerPage,
    next_token: NextToken,
  }),
  output: z.object({ jobs: z.array(JobRow), next_token: z.string().optional() }),
  async run(args, call) {
    const { entries, ...rest } = await readPage(call, {
      schema: JobStub,
      args,
      path: ["jobs"],
      query: { prefix: args.prefix, filter: args.filter },
      namespace: args.namespace,
      doing: "list jobs",
      needs: "list-jobs",
    });
    const kept = entries
      .filter(({ Status }) => args.status === undefined || Status === args.status)
      .filter(({ Type }) => args.type === undefined || Type === args.type);
    // Before 1.1 a list names no namespace.
    const namespace = args.namespace === "*" ? "" : call.nomad.namespace(args.namespace);
    return {
      jobs: kept.map(viewJobStub).map((row) => ({ ...row, namespace: row.namespace || namespace })),
      ...rest,
    };
  },
  say: ({ jobs, next_token }) =>
    sayPage(
      jobs.map((job) => {
        const counts = Object.entries(job.allocations).map(([state, count]) => `${String(count)} ${state}`);
        const kind = job.template ? `${job.type}, template` : job.type;
        return `${job.namespace}/${job.job_id} (${kind}): ${job.status}${counts.length === 0 ? "" : `; ${counts.join(", ")}`}`;
      }),
      next_token,
    ),
});
