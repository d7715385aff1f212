import { z } from "zod";
import { RawJob } from "../answers.ts";
import { Namespace } from "../arguments.ts";
import { jobFileArguments, readJobFile } from "../job-file.ts";
import { operation } from "../operation.ts";

/** Turns a job file into Nomad's JSON. */
export const parseJobFile = operation({
  name: "parse_job_file",
  description: "Turns a Nomad job file into the JSON Nomad stores, with warnings; nothing is registered.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/parse" },
  effect: "read",
  input: z.strictObject({ ...jobFileArguments, namespace: Namespace }),
  output: z.object({ job: RawJob, warnings: z.array(z.string()) }),
  async run(args, call) {
    const { job, warnings } = await readJobFile(call, args);
    return { job, warnings: [...warnings] };
  },
  say: ({ job, warnings }) => [...warnings, JSON.stringify(job)].join("\n"),
});
