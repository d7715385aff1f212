import { z } from "zod";
import { Cursor, Limit } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { pageOf, sayPage } from "../../paging.ts";
import { Account, JobId, Partition, User } from "../arguments.ts";
import { slurmOf } from "../site.ts";
import { AccountedView, sayJob, viewAccounted, viewJob } from "../views.ts";

const Time = z.iso.datetime({ offset: true }).optional();

/** Lists what ran. */
export const slurmAccounting = operation({
  name: "slurm_accounting",
  description:
    "Lists jobs of Slurm's accounts (sacct): states, exit codes, time and resources used. Where the site keeps none, " +
    "what the controller still remembers of ended jobs.",
  toolset: "slurm-extra",
  effect: "read",
  input: z.strictObject({
    job_id: JobId.optional(),
    since: Time.describe("Beginning of the period; default today's; for example: 2026-11-01T00:00:00Z"),
    until: Time.describe("End of the period; default now; for example: 2026-11-30T00:00:00Z"),
    user: User,
    all_users: z
      .boolean()
      .default(false)
      .describe("Jobs of everybody, where that is allowed, for example: true"),
    account: Account,
    partition: Partition,
    state: z
      .string()
      .regex(/^[A-Z_]{2,20}$/, "is a state in capitals")
      .optional()
      .describe("Only jobs in that state of Slurm's, for example: TIMEOUT"),
    limit: Limit,
    cursor: Cursor,
  }),
  output: z.object({
    /** `controller` where the site keeps no accounts. */
    source: z.enum(["accounting", "controller"]),
    jobs: z.array(AccountedView),
    total: z.number(),
    next_cursor: z.string().optional(),
  }),
  async run({ limit, cursor, job_id: jobId, all_users: allUsers, ...filter }, call) {
    const slurm = slurmOf(call);
    const { signal } = call;
    const accounted = await slurm.accounting({ ...filter, jobId, allUsers }, { signal });
    if (accounted !== undefined) {
      const { items, ...page } = pageOf(accounted, { limit, cursor });
      return { source: "accounting" as const, jobs: items.map(viewAccounted), ...page };
    }
    const { user, account, partition, state } = filter;
    const mine = user === undefined && !allUsers;
    const queue = await slurm.queue({ jobId, user, account, partition, mine, states: "all" }, { signal });
    const ended = queue.filter(
      (job) => job.finishedAt !== undefined && (state === undefined || job.nativeState.startsWith(state)),
    );
    const { items, ...page } = pageOf(ended, { limit, cursor });
    return { source: "controller" as const, jobs: items.map(viewJob), ...page };
  },
  say: ({ source, jobs, next_cursor }) =>
    (source === "controller" ? "This site keeps no accounts; the controller remembers:\n" : "") +
    sayPage(jobs.map(sayJob), next_cursor),
});
