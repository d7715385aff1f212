import { ParleyError } from "@parley/core";
import { z } from "zod";
import { JobId, Namespace } from "../arguments.ts";
import { type Job } from "../answers.ts";
import { readJob } from "../jobs.ts";
import { operation } from "../operation.ts";

const Dispatched = z.object({ DispatchedJobID: z.string(), EvalID: z.string().nullish() });
const maxPayloadBytes = 16_384;

/** Starts a child of a parameterised job. */
export const dispatchJob = operation({
  name: "dispatch_job",
  description:
    "Starts a child of a parameterised Nomad job, with a payload and meta; answers the child's ID.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/{job_id}/dispatch" },
  effect: "write",
  input: z.strictObject({
    job_id: JobId,
    namespace: Namespace,
    payload: z
      .string()
      .max(maxPayloadBytes)
      .optional()
      .describe("Text the task finds in its payload file, at most 16 KiB, for example: hello"),
    meta: z
      .record(z.string(), z.string())
      .optional()
      .describe('Values of the meta keys the job declares, for example: {"input": "a.csv"}'),
    idempotency_token: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe("Dispatches once for each token, however often it is asked, for example: order-17"),
  }),
  output: z.object({
    job_id: z.string(),
    dispatched_job_id: z.string(),
    evaluation_id: z.string().optional(),
  }),
  async run({ job_id, namespace, payload, meta, idempotency_token }, call) {
    const { job } = await readJob(call, { job_id, namespace });
    checkDispatch(job, { payload, meta: meta ?? {} });
    const answer = await call.nomad.read(Dispatched, {
      method: "POST",
      path: ["job", job_id, "dispatch"],
      query: idempotency_token === undefined ? {} : { idempotency_token },
      body: {
        ...(payload === undefined ? {} : { Payload: Buffer.from(payload).toString("base64") }),
        ...(meta === undefined ? {} : { Meta: meta }),
      },
      namespace,
      signal: call.signal,
      doing: `dispatch job ${JSON.stringify(job_id)}`,
      needs: "dispatch-job",
    });
    return {
      job_id,
      dispatched_job_id: answer.DispatchedJobID,
      ...(answer.EvalID ? { evaluation_id: answer.EvalID } : {}),
    };
  },
  say: ({ dispatched_job_id }) => `Dispatched as ${dispatched_job_id}.`,
});

/** Nomad answers 500 to each of these; said here, they name the argument. */
function checkDispatch(
  { ID, ParameterizedJob, Stop }: Job,
  {
    payload,
    meta,
  }: { readonly payload: string | undefined; readonly meta: Readonly<Record<string, string>> },
): void {
  const refuse = (reason: string): never => {
    throw new ParleyError("E_ARGUMENT_INVALID", `Job ${JSON.stringify(ID)} ${reason}.`);
  };
  if (ParameterizedJob === undefined) return refuse("is not parameterised; start_job runs it");
  if (Stop) return refuse("is stopped; start_job first");
  const { Payload, MetaRequired, MetaOptional } = ParameterizedJob;
  if (Payload === "required" && payload === undefined) return refuse("needs a payload");
  if (Payload === "forbidden" && payload !== undefined) return refuse("takes no payload");
  if (payload !== undefined && Buffer.byteLength(payload) > maxPayloadBytes)
    return refuse("takes at most 16 KiB of payload");
  const missing = MetaRequired.filter((key) => !(key in meta));
  if (missing.length > 0) return refuse(`needs the meta ${missing.join(", ")}`);
  const unknown = Object.keys(meta).filter(
    (key) => !MetaRequired.includes(key) && !MetaOptional.includes(key),
  );
  if (unknown.length > 0) return refuse(`does not take the meta ${unknown.join(", ")}`);
}
