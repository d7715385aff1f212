import { z } from "zod";
import { JobId, Namespace, Offset } from "../arguments.ts";
import { redactJob } from "../job-spec.ts";
import { readJob } from "../jobs.ts";
import { operation } from "../operation.ts";
import { TextPart, cutText } from "../paging.ts";

/** A job's specification as Nomad stores it, as JSON text. */
export const getJob = operation({
  name: "get_job",
  description:
    "Shows a Nomad job's stored specification as JSON. Values of env, templates and payloads are hidden.",
  toolset: "jobs",
  route: { method: "GET", path: "/api/jobs/{job_id}/spec" },
  effect: "read",
  input: z.strictObject({ job_id: JobId, namespace: Namespace, offset: Offset }),
  output: TextPart,
  run: async (args, call) =>
    cutText(JSON.stringify(redactJob((await readJob(call, args)).raw), null, 2), args.offset),
  say: ({ text, next_offset }) =>
    next_offset === undefined ? text : `${text}\n[more at offset ${String(next_offset)}]`,
});
