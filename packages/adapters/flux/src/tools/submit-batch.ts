import type { FluxJobspec } from "@parley/engines/flux";
import { z } from "zod";
import { checkBatch } from "../batch-check.ts";
import { withEnvironment, withSystem } from "../environment.ts";
import { operation } from "../operation.ts";
import { Script, Submitted, placement, saySubmitted, submitted } from "../submission.ts";

/** Flux's own default, a file in the directory of the submission, would be on a node of the site. */
const defaultOutput = "flux-{{id}}.out";

/** Keeps output with the job, where the script and the caller named no file. */
function keepOutput(jobspec: FluxJobspec, output: string | undefined): FluxJobspec {
  const isDefault = JSON.stringify(jobspec).includes(`"path":${JSON.stringify(defaultOutput)}`);
  if (output !== undefined || !isDefault) return jobspec;
  return withSystem(jobspec, (fields) =>
    [...fields].map(([name, value]) => [name, name === "shell" ? withoutOutput(value) : value] as const),
  );
}

function withoutOutput(shell: unknown): unknown {
  const text = JSON.stringify(shell);
  return JSON.parse(text, (key: string, value: unknown) =>
    key === "stdout" && JSON.stringify(value).includes(defaultOutput) ? undefined : value,
  );
}

/** The urgency that a script's own directives ask for: it is no part of a jobspec, so a plan does not say it. */
function urgencyIn(script: string): number | undefined {
  const { job } = checkBatch(script);
  if (job?.hold === true) return 0;
  return job?.priority?.scale === "flux" ? job.priority.value : undefined;
}

/** Submits a batch script: Flux reads its directives, and its commands run in an instance of their own. */
export const submitBatch = operation({
  name: "flux_submit_batch",
  description:
    "Submits a batch script. Its #flux: directives count, the arguments here outrank them; inside, flux run starts tasks in the job's own instance. Say num_slots or num_nodes, here or in a directive.",
  toolset: "jobs",
  effect: "write",
  input: z.strictObject({
    script: Script,
    ...placement,
    num_slots: z
      .number()
      .int()
      .min(1)
      .max(10_000_000)
      .optional()
      .describe("Slots of resources, for example: 4"),
    cores_per_slot: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe("Cores of each slot, for example: 8"),
    gpus_per_slot: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .optional()
      .describe("GPUs of each slot, for example: 1"),
    output: z
      .string()
      .min(1)
      .max(4096)
      .regex(/^[^\0\r\n]*$/)
      .optional()
      .describe(
        "File for its output; default kept with the job, unless a directive names one; for example: out.txt",
      ),
  }),
  output: Submitted,
  async run(args, call) {
    const flux = call.flux(args.uri);
    const { signal } = call;
    const planned = await flux.planBatch(
      {
        script: args.script,
        numSlots: args.num_slots,
        coresPerSlot: args.cores_per_slot,
        gpusPerSlot: args.gpus_per_slot,
        numNodes: args.num_nodes,
        exclusive: args.exclusive,
        durationSeconds: args.duration,
        name: args.name,
        queue: args.queue,
        bank: args.bank,
        cwd: args.cwd,
        output: args.output,
      },
      { signal },
    );
    const jobspec = withEnvironment(keepOutput(planned, args.output), call.inherited);
    const urgency = args.urgency ?? urgencyIn(args.script);
    return submitted(await flux.submit(jobspec, { urgency, signal }), args.uri);
  },
  say: saySubmitted,
});
