import { z } from "zod";
import { JobId, Uri } from "../arguments.ts";
import { operation } from "../operation.ts";
import { showable } from "../secrets.ts";
import { JobView, sayJob, viewJob } from "../views.ts";

const Shown = z.record(z.string(), z.unknown());

/** One job, with its jobspec and allocation on request; what looks secret in them is hidden. */
export const getJobInfo = operation({
  name: "flux_get_job_info",
  description:
    "Says how a Flux job stands: state, exit code, why it waits or failed, nodes, times; its jobspec and allocation on request.",
  toolset: "jobs",
  effect: "read",
  input: z.strictObject({
    job_id: JobId,
    uri: Uri,
    include: z
      .array(z.enum(["jobspec", "original_jobspec", "allocation"]))
      .max(3)
      .default([])
      .describe('What to add; long texts are cut and secrets hidden; for example: ["jobspec"]'),
  }),
  output: z.object({
    success: z.literal(true),
    info: JobView,
    jobspec: Shown.optional(),
    original_jobspec: Shown.optional(),
    /** What was allocated, in Flux's form R. */
    allocation: Shown.optional(),
  }),
  async run({ job_id, uri, include }, call) {
    const flux = call.flux(uri);
    const { signal } = call;
    const read = async (part: (typeof include)[number], act: () => Promise<unknown>): Promise<unknown> =>
      include.includes(part) ? showable(await act()) : undefined;
    const [info, jobspec, original, allocation] = await Promise.all([
      flux.job(job_id, { signal }),
      read("jobspec", () => flux.jobspec(job_id, { signal })),
      read("original_jobspec", () => flux.jobspec(job_id, { signal, original: true })),
      read("allocation", () => flux.allocation(job_id, { signal })),
    ]);
    return {
      success: true as const,
      info: viewJob(info),
      jobspec: Shown.optional().parse(jobspec),
      original_jobspec: Shown.optional().parse(original),
      allocation: Shown.optional().parse(allocation),
    };
  },
  say: ({ info, jobspec, original_jobspec, allocation }) =>
    [
      sayJob(info),
      ...[jobspec, original_jobspec, allocation].flatMap((part) =>
        part === undefined ? [] : [JSON.stringify(part)],
      ),
    ].join("\n"),
});
