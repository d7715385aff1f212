import { ParleyError, isTerminal, isoTime, systemClock } from "@parley/core";
import type { JobSpec, JobStatus, LogChunk } from "@parley/core";
import type { Run } from "@parley/exec";
import type { Deadline } from "../_deadline.ts";
import { installScript } from "../_install-script.ts";
import { checkTag, createJobStore } from "../_job-store.ts";
import type { JobStore } from "../_job-store.ts";
import { recallStatus } from "../_recall-status.ts";
import { readCursor } from "../_tail.ts";
import { loadArguments } from "../_software-loads.ts";
import { createTurns } from "../_turns.ts";
import type { Engine, LogOptions, Submitted } from "../engine.ts";
import { createFluxClient, failureCode, fluxSays, toFluxError } from "./client.ts";
import type { FluxClient } from "./client.ts";
import { findByName, jobIdPattern, parseJob, plainId } from "./job.ts";
import { loadingScript } from "./loading-script.ts";
import { collectOutput, sliceOutput } from "./output.ts";
import { refusal } from "./refusal.ts";
import { environmentOptions, nameEnd, submitOptions } from "./submission.ts";
import { fluxWorkload } from "./workload.ts";

/** Options of {@link createFluxEngine}. */
export interface FluxEngineOptions {
  readonly run: Run;
  /** The whole environment of the flux command, `PATH` included; `LC_ALL=C` is added. Without it `run` decides. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** The instance, such as `local:///run/flux/local`. Default: the one of `environment`, else the system's. */
  readonly uri?: string | undefined;
  /**
   * Absolute; what was submitted is remembered here. One per instance. Compute nodes have to see it when jobs load
   * software: the script that does is here.
   */
  readonly stateDir: string;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: (() => number) | undefined;
  /** Milliseconds for all commands of one call together. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Path of `flux` where it is not on PATH. */
  readonly command?: string | undefined;
}

interface Parts {
  readonly client: FluxClient;
  readonly store: JobStore;
  readonly now: () => number;
  readonly stateDir: string;
}

async function findJob(
  { client, store }: Parts,
  tag: string,
  deadline: Deadline,
): Promise<string | undefined> {
  const note = await store.noteOf(tag);
  if (note !== undefined) return note.siteJobId;
  const list = await client.read(["jobs", "-a", "-c", "20000", "--json"], deadline);
  return findByName(list, (name) => name.endsWith(nameEnd(tag)));
}

async function submitOnce(
  parts: Parts,
  spec: JobSpec,
  call: { tag: string; deadline: Deadline },
): Promise<Submitted> {
  const { client, store, now, stateDir } = parts;
  const { tag, deadline } = call;
  const options = submitOptions(spec, tag);
  const { options: rules, variables } = environmentOptions(spec.environment, client.takesVariables);
  const loads = loadArguments(spec.load);
  const line = [
    "flux",
    "submit",
    ...options,
    ...(loads.length === 0 ? [] : ["--", ...loads]),
    ...spec.command,
  ]
    .map((text) => (/^[\w./:=@%+,~-]+$/.test(text) ? text : JSON.stringify(text)))
    .join(" ");
  const keep = async (siteJobId: string): Promise<Submitted> => {
    await store.keep({ tag, siteJobId, spec: line, submittedAt: isoTime(now()) });
    return { siteJobId, spec: line };
  };
  const known = await findJob(parts, tag, deadline);
  if (known !== undefined) return keep(known);
  await store.intend(tag);
  const wrapper = loads.length === 0 ? [] : [await installScript(stateDir, loadingScript), ...loads];
  const argv = ["submit", ...rules, ...options, ...wrapper, ...spec.command];
  const result = await client.run(argv, deadline, { variables });
  if (!result.ok) {
    // A command that was cut off may have reached the broker all the same.
    const inDoubt = result.failure !== "exit" && result.failure !== "not-found";
    const anew = { endsAt: now() + 5000, signal: undefined };
    const found = inDoubt ? await findJob(parts, tag, anew).catch(() => undefined) : undefined;
    if (found !== undefined) return keep(found);
    throw refusal(toFluxError(result, "E_ENGINE_REFUSED"), fluxSays(result));
  }
  const id = plainId(result.stdout.trim());
  if (jobIdPattern.test(id)) return keep(id);
  throw new ParleyError(
    "E_ENGINE_OUTPUT",
    `flux submit printed no job id but ${JSON.stringify(id.slice(0, 200))}.`,
  );
}

async function readStatus(
  { client, store }: Parts,
  siteJobId: string,
  deadline: Deadline,
): Promise<JobStatus> {
  const unknown = new ParleyError(
    "E_ENGINE_JOB_UNKNOWN",
    `Flux knows no job ${JSON.stringify(siteJobId.slice(0, 40))}, and neither does this engine.`,
  );
  if (!jobIdPattern.test(siteJobId)) throw unknown;
  const tag = await store.tagOf(plainId(siteJobId));
  const result = await client.run(["jobs", "--json", siteJobId], deadline);
  if (!result.ok && failureCode(result) !== "E_ENGINE_JOB_UNKNOWN")
    throw toFluxError(result, "E_ENGINE_OUTPUT");
  const status = result.ok ? parseJob(result.stdout, siteJobId) : undefined;
  if (status === undefined) {
    if (tag === undefined) throw unknown;
    return recallStatus(store, siteJobId, tag);
  }
  if (tag !== undefined) await store.writeStatus(tag, `${JSON.stringify(status)}\n`);
  return status;
}

async function readLogs(parts: Parts, siteJobId: string, options: LogOptions): Promise<LogChunk> {
  readCursor(options.cursor);
  const deadline = parts.client.deadline(options);
  const { state } = await readStatus(parts, siteJobId, deadline);
  const result = await parts.client.run(["job", "info", siteJobId, "guest.output"], deadline);
  const code = result.ok ? undefined : failureCode(result);
  // A job that has not started has no output yet; one that was purged has none any more.
  if (code !== undefined && code !== "E_ENGINE_JOB_UNKNOWN") throw toFluxError(result, "E_ENGINE_OUTPUT");
  const bytes = collectOutput(result.ok ? result.stdout : "", options.stream ?? "stdout");
  const { cursor, maxBytes = 65_536 } = options;
  return sliceOutput(bytes, { cursor, maxBytes, ended: isTerminal(state) });
}

async function cancelJob(parts: Parts, siteJobId: string, deadline: Deadline): Promise<void> {
  const { state } = await readStatus(parts, siteJobId, deadline);
  if (isTerminal(state)) return;
  const result = await parts.client.run(["cancel", siteJobId], deadline);
  if (!result.ok && !/job is inactive/i.test(result.stderr)) throw toFluxError(result, "E_ENGINE_OUTPUT");
}

/**
 * Flux through its command; written after 0.88, with either scheduler. Jobs get PATH, HOME and USER of the
 * command and their own variables, nothing else of its environment.
 * @throws ParleyError `E_CONFIG_INVALID` when `stateDir` is not absolute
 */
export function createFluxEngine(options: FluxEngineOptions): Engine {
  const { run, environment, uri, stateDir, command = "flux", timeoutMs = 10_000 } = options;
  const { now = () => systemClock.now() } = options;
  const client = createFluxClient({ run, environment, uri, command, timeoutMs, now });
  const parts: Parts = { client, store: createJobStore(stateDir), now, stateDir };
  const inTurn = createTurns();
  return {
    manager: "flux",
    loadsSoftware: true,
    workload: (call) => fluxWorkload(client, call),
    submit: async (spec, { tag, ...call }) => {
      checkTag(tag);
      return inTurn(tag, () => submitOnce(parts, spec, { tag, deadline: client.deadline(call) }));
    },
    find: async (tag, call) => {
      checkTag(tag);
      return findJob(parts, tag, client.deadline(call));
    },
    status: (siteJobId, call) => readStatus(parts, siteJobId, client.deadline(call)),
    logs: (siteJobId, call = {}) => readLogs(parts, siteJobId, call),
    cancel: (siteJobId, call) => cancelJob(parts, siteJobId, client.deadline(call)),
    close: () => Promise.resolve(),
  };
}
