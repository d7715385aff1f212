import type { CommandInput } from "../dependencies.ts";
import { commandOptions } from "../options.ts";
import { renderJobs } from "../render/job.ts";
import { readOptions, withHub } from "../session.ts";

/** Lists the hub's jobs. */
export async function runJobs(input: CommandInput): Promise<void> {
  const { limit } = readOptions(input, commandOptions.jobs);
  await withHub(input, async (session) => {
    const jobs = await session.client.jobs({ limit, signal: session.signal });
    session.print({ jobs }, () => (jobs.length === 0 ? "No jobs yet." : renderJobs(jobs, session.io)));
  });
}
