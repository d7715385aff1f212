import { ParleyError, isTerminal } from "@parley/core";
import type { LogChunk } from "@parley/core";
import type { RunResult } from "@parley/exec";
import { readCursor } from "../_tail.ts";
import type { EngineCallOptions, LogOptions } from "../engine.ts";
import { failureCode, toFluxError } from "./client.ts";
import type { FluxClient } from "./client.ts";
import { parseEvents } from "./events.ts";
import type { FluxEvent } from "./events.ts";
import { parseJobs, toFluxJob } from "./job-record.ts";
import type { FluxJob } from "./job-record.ts";
import { jobIdPattern } from "./job.ts";
import type { FluxJobspec } from "./jobspec.ts";
import { fieldsOf, parseJson } from "./json.ts";
import { collectOutput, sliceOutput } from "./output.ts";

export interface ListJobsRequest extends EngineCallOptions {
  /** Default `active`. */
  readonly states?: "active" | "all" | "inactive" | undefined;
  /** A user's name, or `all`; default the caller's own jobs. */
  readonly user?: string | undefined;
  readonly queue?: string | undefined;
  readonly name?: string | undefined;
  /** Most jobs of the answer, newest first. Default 100. */
  readonly limit?: number | undefined;
}

const option = (flag: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`--${flag}=${value}`];

/** Jobs in the order Flux gives them: active ones first, then the newest. */
export async function listJobs(client: FluxClient, request: ListJobsRequest = {}): Promise<FluxJob[]> {
  const { states = "active", limit = 100, user, queue, name } = request;
  const args = [
    "jobs",
    ...(states === "all" ? ["-a"] : []),
    ...(states === "inactive" ? ["--filter=inactive"] : []),
    "-c",
    String(limit),
    ...option("user", user),
    ...option("queue", queue),
    ...option("name", name),
    "--json",
  ];
  return parseJobs(await client.read(args, client.deadline(request)));
}

/** @throws `E_ENGINE_JOB_UNKNOWN` */
function checkId(jobId: string): string {
  if (jobIdPattern.test(jobId)) return jobId;
  throw new ParleyError(
    "E_ENGINE_JOB_UNKNOWN",
    `${JSON.stringify(jobId.slice(0, 40))} is no id of a Flux job: list the jobs to see theirs.`,
  );
}

export async function readJob(client: FluxClient, jobId: string, call?: EngineCallOptions): Promise<FluxJob> {
  const stdout = await client.read(["jobs", "--json", checkId(jobId)], client.deadline(call));
  const job = toFluxJob(parseJson(stdout)) ?? parseJobs(stdout)[0];
  if (job !== undefined) return job;
  throw new ParleyError("E_ENGINE_JOB_UNKNOWN", `Flux knows no job ${jobId}: list the jobs to see theirs.`);
}

async function readInfo(
  client: FluxClient,
  args: readonly string[],
  call?: EngineCallOptions,
): Promise<Record<string, unknown>> {
  const stdout = await client.read(["job", "info", ...args], client.deadline(call));
  const fields = fieldsOf(parseJson(stdout));
  if (fields.size > 0) return Object.fromEntries(fields);
  throw new ParleyError("E_ENGINE_OUTPUT", `flux job info ${args.join(" ")} printed no JSON object.`);
}

export function readJobspec(
  client: FluxClient,
  jobId: string,
  call: EngineCallOptions & { readonly original?: boolean | undefined } = {},
): Promise<FluxJobspec> {
  const which = call.original === true ? ["--original"] : [];
  return readInfo(client, [...which, checkId(jobId), "jobspec"], call);
}

export async function readAllocation(
  client: FluxClient,
  jobId: string,
  call?: EngineCallOptions,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { state, startedAt } = await readJob(client, jobId, call);
  return state === "QUEUED" || startedAt === undefined ? undefined : readInfo(client, [jobId, "R"], call);
}

export async function readEvents(
  client: FluxClient,
  jobId: string,
  call: EngineCallOptions & { readonly guest?: boolean | undefined } = {},
): Promise<FluxEvent[]> {
  const id = checkId(jobId);
  const args =
    call.guest === true ? ["job", "info", id, "guest.exec.eventlog"] : ["job", "eventlog", "-f", "json", id];
  return parseEvents(await client.read(args, client.deadline(call)));
}

const timedOut = /wait-event timeout/;

export async function waitForEvent(
  client: FluxClient,
  jobId: string,
  request: EngineCallOptions & { readonly name: string; readonly seconds: number },
): Promise<boolean> {
  const { name, seconds, signal } = request;
  const args = ["job", "wait-event", "-t", seconds.toFixed(3), "-f", "json", checkId(jobId), name];
  // The command ends on its own; the margin is for its start.
  const deadline = client.deadline({ signal, timeoutMs: seconds * 1000 + (request.timeoutMs ?? 10_000) });
  const result = await client.run(args, deadline);
  if (result.ok) return true;
  if (result.failure === "exit" && timedOut.test(result.stderr)) return false;
  throw toFluxError(result, "E_ENGINE_OUTPUT");
}

export async function readOutput(
  client: FluxClient,
  jobId: string,
  call: Omit<LogOptions, "stream"> & { readonly stream?: "stdout" | "stderr" | "both" | undefined } = {},
): Promise<LogChunk> {
  readCursor(call.cursor);
  const deadline = client.deadline(call);
  const stdout = await client.read(["jobs", "--json", checkId(jobId)], deadline);
  const ended = isTerminal(toFluxJob(parseJson(stdout))?.state ?? "UNKNOWN");
  const result = await client.run(["job", "info", jobId, "guest.output"], deadline);
  // A job that has not started has no output yet, and one whose output goes to a file has none here.
  if (!result.ok && !isMissingKey(result)) throw toFluxError(result, "E_ENGINE_OUTPUT");
  const bytes = collectOutput(result.ok ? result.stdout : "", call.stream ?? "both");
  const { cursor, maxBytes = 65_536 } = call;
  return sliceOutput(bytes, { cursor, maxBytes, ended });
}

const isMissingKey = (result: RunResult): boolean =>
  result.failure === "exit" && [undefined, "E_ENGINE_JOB_UNKNOWN"].includes(failureCode(result));

export async function cancelJob(
  client: FluxClient,
  jobId: string,
  call: EngineCallOptions & { readonly message?: string | undefined } = {},
): Promise<boolean> {
  const args = ["cancel", ...option("message", call.message), checkId(jobId)];
  const result = await client.run(args, client.deadline(call));
  if (result.ok) return true;
  if (/job is inactive/i.test(result.stderr)) return false;
  throw toFluxError(result, "E_ENGINE_OUTPUT");
}

export async function killJob(
  client: FluxClient,
  jobId: string,
  call: EngineCallOptions & { readonly signalName: string },
): Promise<void> {
  await client.read(["job", "kill", `--signal=${call.signalName}`, checkId(jobId)], client.deadline(call));
}

export async function setUrgency(
  client: FluxClient,
  jobId: string,
  call: EngineCallOptions & { readonly urgency: number },
): Promise<void> {
  await client.read(["job", "urgency", checkId(jobId), String(call.urgency)], client.deadline(call));
}

export async function readUri(
  client: FluxClient,
  jobId: string,
  call: EngineCallOptions & { readonly local?: boolean | undefined } = {},
): Promise<string> {
  const args = ["uri", ...(call.local === true ? ["--local"] : []), checkId(jobId)];
  return (await client.read(args, client.deadline(call))).trim();
}
