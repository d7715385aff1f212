import { z } from "zod";
import { MaxBytes, WaitSeconds } from "../arguments.ts";
import { operation } from "../operation.ts";
import { Command, jobspecOf, shape } from "../submission.ts";
import { JobView, hasEnded, sayJob, viewJob } from "../views.ts";
import { waitOrCancel } from "../waiting.ts";

/** Submits a command and waits for its end. Giving up the call cancels the job; time running out does not. */
export const runJob = operation({
  name: "flux_run_job",
  description:
    "Runs a command as a Flux job and waits for its end, with exit code and output. Cancelling the call cancels the job. When time is up the job goes on: see flux_wait_job.",
  toolset: "jobs",
  effect: "write",
  task: "optional",
  input: z.strictObject({ command: Command, ...shape, timeout_seconds: WaitSeconds, max_bytes: MaxBytes }),
  output: JobView.extend({
    /** False when time was up first. */
    done: z.boolean(),
    stdout: z.string(),
    stderr: z.string(),
    /** Whether there is more output than max_bytes of either stream. */
    truncated: z.boolean(),
  }),
  async run(args, call) {
    const flux = call.flux(args.uri);
    const jobspec = jobspecOf(args, { command: args.command }, call);
    const jobId = await flux.submit(jobspec, { urgency: args.urgency, signal: call.signal });
    const seconds = call.mayOutlive ? undefined : args.timeout_seconds;
    const job = await waitOrCancel(call, flux, { jobId, seconds });
    const [stdout, stderr] = await Promise.all(
      (["stdout", "stderr"] as const).map((stream) =>
        flux.output(jobId, { stream, maxBytes: args.max_bytes, signal: call.signal }),
      ),
    );
    const done = hasEnded(job);
    return {
      ...viewJob(job),
      done,
      stdout: stdout?.text ?? "",
      stderr: stderr?.text ?? "",
      truncated: done && !(stdout?.complete === true && stderr?.complete === true),
    };
  },
  say: ({ stdout, stderr, done, ...job }) =>
    [`${sayJob(job)}${done ? "" : " (it goes on)"}`, stdout, stderr].filter((part) => part !== "").join("\n"),
});
