import { z } from "zod";
import { ClusterId, Confirm, Path } from "../arguments.ts";
import { operation } from "../operation.ts";
import { PushedJob, pushJobFile } from "../push-job.ts";

/** Pushes a job. */
export const jobPush = operation({
  name: "job_push",
  description:
    "Submits a TensorPool job file. Without cluster_id, a file with an instance_type gets a cluster of its own, which goes when the job has ended; that costs money and asks for confirm: true over the limits. While a job is pushed its engine may send shell lines for this machine to run: they are refused, unless TENSORPOOL_ALLOW_COMMANDS=1, and then tp runs them in workdir without the key.",
  toolset: "jobs",
  effect: "write",
  long: true,
  input: z.strictObject({
    config_path: Path.describe("The job file, from workdir on, for example: tp.config.toml"),
    workdir: Path.nullish().describe("Folder of the project, inside the server's folder, for example: ."),
    cluster_id: ClusterId.optional(),
    teardown: z
      .boolean()
      .default(false)
      .describe("Destroys the cluster when the job has ended, for example: true"),
    confirm: Confirm,
  }),
  output: PushedJob,
  run: ({ workdir, ...order }, call) => pushJobFile(call, { ...order, workdir: workdir ?? undefined }),
  say: ({ message, job_id, cluster_id, teardown }) =>
    [
      message,
      `Job ${job_id ?? "without a known ID"}${cluster_id === undefined ? "" : ` on cluster ${cluster_id}`}${teardown ? ", which goes when it has ended" : ""}.`,
    ].join("\n"),
});
