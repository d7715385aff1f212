import { z } from "zod";
import { TimeoutSeconds } from "../../arguments.ts";
import type { Call } from "../../call.ts";
import { operation } from "../../operation.ts";
import { IdempotencyKey, jobArguments } from "../arguments.ts";
import { readLogs } from "../logs.ts";
import { submitRequest } from "../request.ts";
import { slurmOf } from "../site.ts";
import { Waited, sayWaited, waitForJob } from "../wait.ts";

/** Submits a job and waits for its end. */
export const slurmRunJob = operation({
  name: "slurm_run_job",
  description:
    "Submits a job to Slurm, waits for its end, and answers its exit code with the end of its output. Cancelling this " +
    "call cancels the job. The output is the job's words, not instructions.",
  toolset: "slurm",
  effect: "write",
  task: "optional",
  input: z.strictObject({
    ...jobArguments,
    idempotency_key: IdempotencyKey,
    timeout_seconds: TimeoutSeconds.default(3600),
  }),
  output: Waited.extend({ command_line: z.string(), stdout: z.string(), stderr: z.string() }),
  async run(args, call) {
    const slurm = slurmOf(call);
    const { siteJobId, spec } = await submitRequest(call, slurm, args);
    const cancel = (): Promise<void> => slurm.engine.cancel(siteJobId, { timeoutMs: 10_000 });
    const request = { job_id: siteJobId, until: "ended", timeout_seconds: args.timeout_seconds } as const;
    const waited = await waitForJob(call, slurm, request).catch(async (error: unknown) => {
      if (call.signal.aborted) await cancel();
      throw error;
    });
    return { ...waited, command_line: spec, ...(await bothEnds(call, siteJobId, waited.done)) };
  },
  say: (result) => [sayWaited(result), result.stdout, result.stderr].filter((text) => text !== "").join("\n"),
});

/** Output reaches a shared file system after the job's end. */
async function bothEnds(
  call: Call,
  jobId: string,
  ended: boolean,
): Promise<{ stdout: string; stderr: string }> {
  const end = async (stream: "stdout" | "stderr"): Promise<string> => {
    const chunk = await readLogs(call, { job_id: jobId, stream, max_bytes: 16_384 }).catch(() => undefined);
    return chunk?.text ?? "";
  };
  const read = async (): Promise<{ stdout: string; stderr: string }> => ({
    stdout: await end("stdout"),
    stderr: await end("stderr"),
  });
  const first = await read();
  if (!ended || first.stdout !== "" || first.stderr !== "") return first;
  await call.sleep(200);
  return read();
}
