import { JobSpec, ParleyError, newId } from "@parley/core";
import type { StartEstimate, Submitted } from "@parley/engines";
import type { Slurm, SlurmExtras, SlurmScript } from "@parley/engines/slurm";
import { z } from "zod";
import type { Call } from "../call.ts";
import { jobArguments } from "./arguments.ts";

/** A job as the tools take it. */
const JobRequest = z.strictObject(jobArguments);
export type JobRequest = z.output<typeof JobRequest>;

type Resources = JobSpec["resources"];

function resourcesOf(request: JobRequest): Resources {
  const mebibytes = request.memory_mib_per_node;
  return {
    nodes: request.nodes,
    tasks: request.tasks,
    tasksPerNode: request.tasks_per_node,
    coresPerTask: request.cores_per_task,
    gpusPerNode: request.gpus_per_node,
    gpuModel: request.gpu_model,
    memoryBytesPerNode: mebibytes === undefined ? undefined : mebibytes * 2 ** 20,
    exclusive: request.exclusive ? true : undefined,
  };
}

function extrasOf(request: JobRequest): SlurmExtras {
  const { qos, reservation, constraint, dependency, begin, array, hold } = request;
  return { qos, reservation, constraint, dependency, begin, array, hold };
}

/** What goes for commands alone would be dropped in silence with a script, and the other way round. */
function checkForm(request: JobRequest): void {
  const { command, script, script_args: args, environment, load, array } = request;
  const problem =
    (command === undefined) === (script === undefined) ? "Give either command or script"
    : script === undefined && array !== undefined ? "An array takes a script"
    : script === undefined && args.length > 0 ? "script_args belong to a script"
    : script !== undefined && Object.keys(environment).length > 0 ? "environment is for commands: export variables in the script"
    : script !== undefined && load.length > 0 ? "load is for commands: load software in the script"
    : undefined; // prettier-ignore
  if (problem !== undefined) throw new ParleyError("E_ARGUMENT_INVALID", `${problem}.`);
}

function scriptOf(request: JobRequest, script: string): SlurmScript {
  return {
    script,
    args: request.script_args,
    name: request.job_name,
    directory: request.directory,
    resources: resourcesOf(request),
    walltimeSeconds: request.walltime_seconds,
    queue: request.partition,
    account: request.account,
    extras: extrasOf(request),
  };
}

function specOf(request: JobRequest): JobSpec {
  const parsed = JobSpec.safeParse({
    name: request.job_name,
    command: request.command,
    directory: request.directory,
    environment: request.environment,
    load: request.load,
    resources: resourcesOf(request),
    walltimeSeconds: request.walltime_seconds,
    queue: request.partition,
    account: request.account,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const said = issue === undefined ? "" : [...issue.path, issue.message].join(" ");
  throw new ParleyError("E_ARGUMENT_INVALID", `This is no job: ${said}`);
}

/** Submits, once per key. @throws `E_ARGUMENT_INVALID`, `E_ENGINE_*` */
export async function submitRequest(
  call: Call,
  slurm: Slurm,
  request: JobRequest & { readonly idempotency_key?: string | undefined },
): Promise<Submitted> {
  checkForm(request);
  const tag = request.idempotency_key ?? newId("hpc");
  const { signal } = call;
  if (request.script !== undefined) {
    return slurm.submitScript(scriptOf(request, request.script), { tag, signal });
  }
  return slurm.submit(specOf(request), { tag, signal, extras: extrasOf(request) });
}

/** The scheduler's dry run. @throws `E_ARGUMENT_INVALID`, `E_ENGINE_*` */
export async function estimateRequest(
  { signal }: Call,
  slurm: Slurm,
  request: JobRequest,
): Promise<StartEstimate | undefined> {
  checkForm(request);
  return request.script === undefined
    ? slurm.estimate(specOf(request), { signal, extras: extrasOf(request) })
    : slurm.estimateScript(scriptOf(request, request.script), { signal });
}
