import { z } from "zod";
import { Registered } from "../answers.ts";
import { Confirm, JobId, Namespace } from "../arguments.ts";
import type { Call } from "../call.ts";
import { type JobKey, readJob } from "../jobs.ts";
import { operation } from "../operation.ts";

export const Stopped = z.object({
  job_id: z.string(),
  purged: z.boolean(),
  /** Whether it was stopped already. */
  was_stopped: z.boolean(),
  evaluation_id: z.string().optional(),
});

/** A stop in words. */
export function sayStopped({ job_id, purged, was_stopped }: z.infer<typeof Stopped>): string {
  if (purged) return `${job_id} is stopped and purged.`;
  return `${job_id} is ${was_stopped ? "stopped, as it was before" : "being stopped"}.`;
}

/** Stops a job. Nomad answers 200 for a job there is not, so it is read first. */
export async function stopNomadJob(
  call: Call,
  args: JobKey & { readonly purge: boolean; readonly no_shutdown_delay: boolean; readonly global: boolean },
): Promise<z.infer<typeof Stopped>> {
  const { job } = await readJob(call, args);
  const { purge } = args;
  const answer = await call.nomad.read(Registered, {
    method: "DELETE",
    path: ["job", args.job_id],
    query: {
      ...(purge ? { purge } : {}),
      ...(args.no_shutdown_delay ? { no_shutdown_delay: true } : {}),
      ...(args.global ? { global: true } : {}),
    },
    namespace: args.namespace,
    signal: call.signal,
    doing: `stop job ${JSON.stringify(args.job_id)}`,
    needs: purge
      ? "submit-job (purge-job from Nomad 1.11.2)"
      : "submit-job (deregister-job from Nomad 1.11.2)",
  });
  return {
    job_id: args.job_id,
    purged: purge,
    was_stopped: job.Stop,
    ...(answer.EvalID === "" ? {} : { evaluation_id: answer.EvalID }),
  };
}

/** Stops a job; `purge` also forgets it and needs confirmation. */
export const stopJob = operation({
  name: "stop_job",
  description: "Stops a Nomad job. With purge it is also forgotten, which needs confirm: true.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/{job_id}/stop" },
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    job_id: JobId,
    namespace: Namespace,
    purge: z.boolean().default(false).describe("Also forgets the job and its history, for example: false"),
    no_shutdown_delay: z
      .boolean()
      .default(false)
      .describe("Skips the shutdown delay of its groups, for example: false"),
    global: z
      .boolean()
      .default(false)
      .describe("Stops a multi-region job in every region, for example: false"),
    confirm: Confirm,
  }),
  output: Stopped,
  destroys: ({ job_id, purge, global }) =>
    purge || global
      ? `would stop job ${JSON.stringify(job_id)}${global ? " in every region" : ""}${purge ? " and erase it with its versions and allocations" : ""}.`
      : undefined,
  run: (args, call) => stopNomadJob(call, args),
  say: sayStopped,
});
