import { ParleyError } from "@parley/core";
import { z } from "zod";
import { JobId, Namespace } from "../arguments.ts";
import type { Call } from "../call.ts";
import { registerConfig } from "../configs.ts";
import { type JobKey, readJob } from "../jobs.ts";
import { operation } from "../operation.ts";
import { Registration, registerJob } from "../register.ts";

/** Registers a stored job as wanted again; one that is gone comes back from its config, where it has one. */
export async function startNomadJob(call: Call, key: JobKey): Promise<Registration> {
  try {
    const { raw, job } = await readJob(call, key);
    return await registerJob(call, {
      job: { ...raw, Stop: false },
      namespace: key.namespace,
      enforceIndex: job.JobModifyIndex,
    });
  } catch (error) {
    if (!ParleyError.isInstance(error) || error.code !== "E_ENGINE_JOB_UNKNOWN") throw error;
    const config = await configOfJob(call, key);
    if (config === undefined) throw error;
    return registerConfig(call, { ...config, namespace: key.namespace ?? config.namespace });
  }
}

async function configOfJob(call: Call, key: JobKey): ReturnType<ReturnType<Call["configs"]>["get"]> {
  const wanted = call.nomad.namespace(key.namespace);
  try {
    const found = await call.configs().list();
    return found.find(
      ({ enabled, job_id, namespace, spec_source }) =>
        enabled &&
        spec_source !== undefined &&
        job_id === key.job_id &&
        call.nomad.namespace(namespace) === wanted,
    );
  } catch (error) {
    if (ParleyError.isInstance(error) && error.code === "E_CONFIG_INVALID") return undefined;
    throw error;
  }
}

/** Starts a stopped job again. */
export const startJob = operation({
  name: "start_job",
  description:
    "Starts a stopped Nomad job again as it is stored; a purged one is registered from its job config, if it has one.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/{job_id}/start" },
  effect: "write",
  idempotent: true,
  input: z.strictObject({ job_id: JobId, namespace: Namespace }),
  output: Registration,
  run: (args, call) => startNomadJob(call, args),
  say: ({ job_id, namespace, warnings }) =>
    [`${namespace}/${job_id} is registered to run.`, ...warnings].join("\n"),
});
