import type { CommandInput } from "../dependencies.ts";
import { endAs, followJob } from "../follow.ts";
import { commandOptions } from "../options.ts";
import { renderJob } from "../render/job.ts";
import { readOptions, withHub } from "../session.ts";

/** Shows a job, and with `--wait` its end. */
export async function runStatus(input: CommandInput): Promise<void> {
  const { wait, propagate } = readOptions(input, commandOptions.status);
  await show(input, { wait: wait || propagate, propagate });
}

/** Waits for a job's end. */
export async function runWait(input: CommandInput): Promise<void> {
  const { propagate } = readOptions(input, commandOptions.wait);
  await show(input, { wait: true, propagate });
}

async function show(
  input: CommandInput,
  { wait, propagate }: { readonly wait: boolean; readonly propagate: boolean },
): Promise<void> {
  const [jobId = ""] = input.args;
  await withHub(input, async (session) => {
    const job = wait
      ? await followJob(session, jobId, { logs: false })
      : await session.client.status(jobId, { signal: session.signal });
    session.print(job, () => renderJob(job, session.io));
    if (wait) endAs(job, { propagate });
  });
}
