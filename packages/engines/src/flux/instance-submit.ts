import { ParleyError } from "@parley/core";
import type { EngineCallOptions } from "../engine.ts";
import { fluxSays, toFluxError } from "./client.ts";
import type { FluxClient } from "./client.ts";
import { jobIdPattern, plainId } from "./job.ts";
import type { FluxJobspec } from "./jobspec.ts";
import { fieldsOf, parseJson } from "./json.ts";
import { refusal } from "./refusal.ts";
import { parseVerdict } from "./validation.ts";
import type { FluxVerdict } from "./validation.ts";

/** Largest jobspec handed to Flux, in bytes. */
const maxJobspecBytes = 4 * 2 ** 20;

export interface SubmitJobspecOptions extends EngineCallOptions {
  /** 0 to 31; default 16, and 0 holds the job. */
  readonly urgency?: number | undefined;
}

export interface ValidateOptions extends EngineCallOptions {
  /** Also asks whether the instance could ever run it. Default false. */
  readonly feasibility?: boolean | undefined;
}

/** A script for `flux batch`, and what outranks its directives. */
export interface BatchRequest {
  /** Begins with `#!`. */
  readonly script: string;
  readonly numSlots?: number | undefined;
  readonly coresPerSlot?: number | undefined;
  readonly gpusPerSlot?: number | undefined;
  readonly numNodes?: number | undefined;
  readonly exclusive?: boolean | undefined;
  readonly durationSeconds?: number | undefined;
  readonly name?: string | undefined;
  readonly queue?: string | undefined;
  readonly bank?: string | undefined;
  readonly cwd?: string | undefined;
  /** A file, or `kvs` to keep it with the job. Default, in Flux: the file `flux-{{id}}.out`. */
  readonly output?: string | undefined;
}

function textOfJobspec(jobspec: FluxJobspec): string {
  const text = JSON.stringify(jobspec);
  if (Buffer.byteLength(text) <= maxJobspecBytes) return text;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `The jobspec is larger than ${maxJobspecBytes} bytes: put large files where the nodes can read them.`,
  );
}

/** Submits a jobspec. A submission whose answer is lost is reported, not repeated. */
export async function submitJobspec(
  client: FluxClient,
  jobspec: FluxJobspec,
  options: SubmitJobspecOptions = {},
): Promise<string> {
  const { urgency, ...call } = options;
  const args = ["job", "submit", ...(urgency === undefined ? [] : [`--urgency=${urgency}`])];
  const result = await client.run(args, client.deadline(call), { input: textOfJobspec(jobspec) });
  if (!result.ok) throw refusal(toFluxError(result, "E_ENGINE_REFUSED"), fluxSays(result));
  const id = plainId(result.stdout.trim());
  if (jobIdPattern.test(id)) return id;
  throw new ParleyError(
    "E_ENGINE_OUTPUT",
    `flux job submit printed no job id but ${JSON.stringify(id.slice(0, 200))}.`,
  );
}

const option = (flag: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`--${flag}=${value}`];

/** Lets `flux batch` read the script and its `#flux:` directives; the variables of this client are all it sees. */
export async function planBatch(
  client: FluxClient,
  request: BatchRequest,
  call?: EngineCallOptions,
): Promise<FluxJobspec> {
  const args = [
    "batch",
    "--dry-run",
    ...option("nslots", request.numSlots),
    ...option("cores-per-slot", request.coresPerSlot),
    ...option("gpus-per-slot", request.gpusPerSlot),
    ...option("nodes", request.numNodes),
    ...(request.exclusive === true ? ["--exclusive"] : []),
    // A bare number would be minutes.
    ...option("time-limit", request.durationSeconds && `${request.durationSeconds}s`),
    ...option("job-name", request.name),
    ...option("queue", request.queue),
    ...option("bank", request.bank),
    ...option("cwd", request.cwd),
    ...option("output", request.output),
  ];
  const result = await client.run(args, client.deadline(call), { input: request.script });
  if (!result.ok) throw refusal(toFluxError(result, "E_ENGINE_REFUSED"), fluxSays(result));
  const jobspec = fieldsOf(parseJson(result.stdout));
  if (jobspec.has("tasks")) return Object.fromEntries(jobspec);
  throw new ParleyError(
    "E_ENGINE_OUTPUT",
    "flux batch --dry-run printed no jobspec: is Flux older than 0.40?",
  );
}

export async function validateJobspec(
  client: FluxClient,
  jobspec: FluxJobspec,
  options: ValidateOptions = {},
): Promise<FluxVerdict> {
  const { feasibility = false, ...call } = options;
  const plugins = feasibility ? "jobspec,feasibility" : "jobspec";
  const args = ["job-validator", "--jobspec-only", `--plugins=${plugins}`];
  const input = `${textOfJobspec(jobspec)}\n`;
  return parseVerdict(await client.run(args, client.deadline(call), { input }));
}
