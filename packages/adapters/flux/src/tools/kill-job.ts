import { z } from "zod";
import { Confirm, JobId, Uri } from "../arguments.ts";
import { operation } from "../operation.ts";

const signals = [
  "SIGTERM", "SIGKILL", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGWINCH", "SIGALRM",
] as const; // prettier-ignore
const harmless: ReadonlySet<string> = new Set(["SIGUSR1", "SIGUSR2", "SIGCONT", "SIGWINCH"]);

/** Sends a signal to the tasks of a running job. */
export const killJob = operation({
  name: "flux_kill_job",
  description:
    "Sends a signal to the tasks of a running Flux job. Signals that end or stop programs need confirm: true.",
  toolset: "control",
  effect: "destroy",
  input: z.strictObject({
    job_id: JobId,
    uri: Uri,
    signal: z.enum(signals).default("SIGTERM").describe("The signal, for example: SIGUSR1"),
    confirm: Confirm,
  }),
  output: z.object({ job_id: z.string(), signal: z.string() }),
  destroys: ({ job_id, signal }) =>
    harmless.has(signal) ? undefined : `would send ${signal} to job ${job_id}, which may end it.`,
  async run({ job_id, uri, signal: signalName }, call) {
    await call.flux(uri).kill(job_id, { signalName, signal: call.signal });
    return { job_id, signal: signalName };
  },
  say: ({ job_id, signal }) => `Sent ${signal} to ${job_id}.`,
});
