import { isTerminal } from "@parley/core";
import type { CommandInput } from "../dependencies.ts";
import { renderJob } from "../render/job.ts";
import { withHub } from "../session.ts";

/** Ends a job. */
export async function runCancel(input: CommandInput): Promise<void> {
  const [jobId = ""] = input.args;
  await withHub(input, async (session) => {
    const job = await session.client.cancel(jobId, { signal: session.signal });
    if (!isTerminal(job.state)) session.notice("Its site has been asked to end it.");
    session.print(job, () => renderJob(job, session.io));
  });
}
