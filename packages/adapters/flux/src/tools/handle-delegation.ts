import { ParleyError } from "@parley/core";
import { checkFluxUri } from "@parley/engines/flux";
import { z } from "zod";
import { JobId, JobspecText } from "../arguments.ts";
import { checkJobspecVariables, withSystem } from "../environment.ts";
import { readJobspec } from "../jobspec-text.ts";
import { operation } from "../operation.ts";

/** Names of system attributes that would send the job on again, or make it wait for jobs the other instance has not. */
const ofTheSender = new Set(["dependencies", "delegate"]);

/** Submits a jobspec to another instance: a job that is one itself, or any address. */
export const handleDelegation = operation({
  name: "flux_handle_delegation",
  description:
    "Submits a jobspec to another Flux instance: a running job that is an instance (child_job_id), or an address (remote_uri). Dependencies and delegation are taken out, so that it cannot go round in circles.",
  toolset: "delegate",
  effect: "write",
  input: z.strictObject({
    remote_uri: z
      .string()
      .max(500)
      .optional()
      .describe("Address of the instance, for example: local:///tmp/flux-x/local-0"),
    child_job_id: JobId.optional().describe(
      "A running job that is an instance, instead of an address, for example: f2P5pCuM",
    ),
    jobspec_str: JobspecText.describe('The jobspec, JSON or YAML, for example: {"version": 1, ...}'),
    jobid: JobId.optional().describe("The job that is delegated, for the record, for example: f34qAx7Z"),
  }),
  output: z.object({
    job_id: z.string(),
    status: z.literal("submit"),
    uri: z.string(),
    /** What was taken out of the jobspec. */
    removed: z.array(z.string()),
    delegated_job_id: z.string().optional(),
  }),
  async run({ remote_uri, child_job_id, jobspec_str, jobid }, call) {
    if ((remote_uri === undefined) === (child_job_id === undefined)) {
      throw new ParleyError("E_ARGUMENT_INVALID", "Say where to: either remote_uri or child_job_id.");
    }
    const { signal, allowRemote } = call;
    // On this machine the socket is reached directly; what a job says of itself is checked like any address.
    const uri =
      child_job_id === undefined
        ? remote_uri
        : checkFluxUri(await call.flux().uriOf(child_job_id, { local: !allowRemote, signal }), allowRemote);
    const removed: string[] = [];
    const jobspec = withSystem(checkJobspecVariables(readJobspec(jobspec_str)), (fields) =>
      [...fields].filter(([name]) => {
        const goes = ofTheSender.has(name);
        if (goes) removed.push(name);
        return !goes;
      }),
    );
    const jobId = await call.flux(uri).submit(jobspec, { signal });
    return {
      job_id: jobId,
      status: "submit" as const,
      uri: uri ?? "local",
      removed,
      delegated_job_id: jobid,
    };
  },
  say: ({ job_id, uri, removed }) =>
    `Submitted to ${uri} as ${job_id}${removed.length === 0 ? "" : `, without its ${removed.join(" and ")}`}.`,
});
