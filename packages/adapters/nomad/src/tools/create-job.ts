import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { jobWarnings } from "../job-file.ts";
import { readJobSpec } from "../job-spec.ts";
import { operation } from "../operation.ts";
import { Submitted, saySubmitted, submit, submitArguments } from "../submit.ts";

/** Creates a job from a specification. */
export const createJob = operation({
  name: "create_job",
  description:
    "Creates or updates a Nomad job from a JSON specification: a full Nomad job, or the short form with name, type, " +
    "image or command, args, count, cpu (MHz), memory_mb, env, ports, driver, datacenters.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs" },
  effect: "destroy",
  long: true,
  input: z.strictObject({
    spec: z
      .record(z.string(), z.unknown())
      .describe(
        'The job, for example: {"name": "hello", "type": "batch", "command": "/bin/date", "driver": "raw_exec"}',
      ),
    namespace: Namespace,
    ...submitArguments,
  }),
  output: Submitted,
  async run(args, call) {
    const job = readJobSpec(args.spec);
    return submit(call, { job, warnings: jobWarnings(job) }, args);
  },
  say: saySubmitted,
});
