import { ExitCode, ParleyError } from "@parley/core";
import type { Job } from "@parley/core";
import { ExitWith } from "@parley/cli";
import { pause } from "./client/follow.ts";
import { clean, lineWriter } from "./render/clean.ts";
import type { Session } from "./session.ts";

/**
 * Follows a job to its end: state changes on standard error and, with `logs`, its output on standard output.
 * @throws {@link ParleyError} saying that the job goes on, when the command stops before it
 */
export async function followJob(
  session: Session,
  jobId: string,
  { logs }: { readonly logs: boolean },
): Promise<Job> {
  const { client, signal, dependencies } = session;
  const stop = new AbortController();
  const output = logs ? streamOutput(session, jobId, stop.signal) : undefined;
  try {
    const job = await client.wait(jobId, {
      signal,
      pollMs: dependencies.pollMs,
      onChange: (changed) => session.notice(changeText(changed)),
    });
    await output?.finish();
    if (job.state === "FAILED" && job.siteJobId !== undefined) {
      session.notice(
        `What it wrote to standard error: ${session.command(`logs ${clean(job.id, 64)} --stderr`)}`,
      );
    }
    return job;
  } catch (error) {
    stop.abort();
    throw goesOn(error, jobId, session);
  }
}

function changeText(job: Job): string {
  const reason = job.error?.message ?? job.reason;
  const code = job.state === "FAILED" && job.exitCode !== undefined ? ` with exit code ${job.exitCode}` : "";
  return `Job ${clean(job.id, 64)} is ${job.state}${code}${reason === undefined ? "" : `: ${clean(reason, 300)}`}`;
}

/** Prints output as it comes. Its faults never end the wait. */
function streamOutput(session: Session, jobId: string, stop: AbortSignal): { finish(): Promise<void> } {
  const { client, io, dependencies } = session;
  const signal = AbortSignal.any([session.signal, stop, io.outClosed ?? stop]);
  const writer = lineWriter((line) => io.out(line));
  const ended = new AbortController();
  let cursor: string | undefined;
  let complete = false;

  async function drain(): Promise<void> {
    for await (const chunk of client.logs(jobId, { cursor, signal })) {
      if (chunk.truncated) session.notice("Some output was skipped: it came faster than it could be read.");
      writer.add(chunk.text);
      await io.drained?.();
      ({ cursor, complete } = chunk);
    }
  }

  async function run(): Promise<void> {
    for (;;) {
      const last = ended.signal.aborted;
      await drain();
      if (complete || last) return;
      await pause(dependencies.pollMs ?? 1000, AbortSignal.any([signal, ended.signal])).catch(
        () => undefined,
      );
    }
  }

  const running = run().catch((error: unknown) => {
    if (!signal.aborted) session.notice(`The output cannot be read: ${clean(messageOf(error), 300)}`);
  });
  return {
    async finish() {
      ended.abort();
      await running;
      writer.end();
    },
  };
}

function goesOn(error: unknown, jobId: string, session: Session): unknown {
  if (!ParleyError.isInstance(error) || !stops.has(error.code)) return error;
  const what = error.code === "E_INTERRUPTED" ? "Stopped waiting." : error.message;
  const id = clean(jobId, 64);
  const message =
    `${what} Job ${id} goes on: look it up with "${session.command(`status ${id}`)}", ` +
    `end it with "${session.command(`cancel ${id}`)}".`;
  return new ParleyError(error.code, message, {
    details: { ...error.details, hubJobId: jobId },
    cause: error,
  });
}

const stops: ReadonlySet<string> = new Set(["E_MCP_UNREACHABLE", "E_MCP_TIMEOUT", "E_INTERRUPTED"]);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Ends the command as its job ended: 1 when it did not complete, or its own exit code. */
export function endAs(job: Job, { propagate }: { readonly propagate: boolean }): void {
  const completed = job.state === "COMPLETED";
  const own = job.exitCode ?? 0;
  const code = propagate && own > 0 && own < 256 ? own : ExitCode.failed;
  if (!completed || (propagate && own !== 0)) throw new ExitWith(code);
}
