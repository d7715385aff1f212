import { z } from "zod";
import { JobId, Namespace, Offset } from "../arguments.ts";
import { readJob } from "../jobs.ts";
import { operation } from "../operation.ts";
import { TextPart, cutText } from "../paging.ts";

const Submission = z.object({ Source: z.string(), Format: z.string() });

/** The text a job was submitted with. */
export const getJobSubmission = operation({
  name: "get_job_submission",
  description: "Shows the job file a version of a Nomad job was submitted with (Nomad 1.6 or later).",
  toolset: "jobs",
  route: { method: "GET", path: "/api/jobs/{job_id}/submission" },
  effect: "read",
  input: z.strictObject({
    job_id: JobId,
    namespace: Namespace,
    version: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe("Version of the job; default the present; for example: 3"),
    offset: Offset,
  }),
  output: TextPart.extend({ format: z.string(), version: z.number() }),
  async run(args, call) {
    const version = args.version ?? (await readJob(call, args)).job.Version;
    const found = await call.nomad.read(Submission, {
      path: ["job", args.job_id, "submission"],
      query: { version },
      namespace: args.namespace,
      signal: call.signal,
      doing: `read the source of job ${JSON.stringify(args.job_id)}`,
      needs: "read-job",
    });
    return { ...cutText(found.Source, args.offset), format: found.Format, version };
  },
  say: ({ text, next_offset }) =>
    next_offset === undefined ? text : `${text}\n[more at offset ${String(next_offset)}]`,
});
