import { JobSpec, JobStatus, ParleyError, isoTime, newId, shortHash } from "@parley/core";
import type { Clock, JobRequirements, LogChunk, Receipt } from "@parley/core";
import type { Database, Stored, Json } from "@parley/databases";
import type { Engine } from "@parley/engines";
import type { Secretary } from "@parley/secretary";
import type { Site } from "@parley/providers";
import { z } from "zod";
import { toJson } from "../wire/to-json.ts";

/** One submission as the worker keeps it: written before the scheduler is asked, completed after it answered. */
const Submission = z.object({
  key: z.string(),
  tag: z.string(),
  manager: z.string(),
  spec: JobSpec,
  commandLine: z.string().optional(),
  siteJobId: z.string().optional(),
  createdAt: z.string(),
  lastStatus: JobStatus.optional(),
});
type Submission = z.infer<typeof Submission>;

/** Below the 10 s a hub waits, so that the scheduler's own fault reaches the hub and not a time-out of the worker. */
const answerWithinMs = 7000;

/** What a submission came to, confirmed by the scheduler. */
export interface Dispatched {
  readonly receipt: Receipt;
  readonly manager: string;
  readonly spec: JobSpec;
  readonly status: JobStatus;
}

export interface DispatcherOptions {
  readonly site: Site;
  readonly secretary: Secretary;
  readonly database: Database;
  readonly clock: Clock;
}

/** How a job is submitted. */
interface SubmitRequest {
  /** Idempotency key; default a fresh one. */
  readonly key?: string | undefined;
  /** Who asks, as the hub knows them; checked against the operator's policy. */
  readonly submitter?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs jobs at one site, each idempotency key once, over crashes of this process. */
export interface Dispatcher {
  submit(requirements: JobRequirements, options: SubmitRequest): Promise<Dispatched>;
  status(siteJobId: string, signal?: AbortSignal): Promise<JobStatus>;
  logs(
    siteJobId: string,
    options: {
      readonly stream?: "stdout" | "stderr" | undefined;
      readonly cursor?: string | undefined;
      readonly maxBytes?: number | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<LogChunk>;
  cancel(siteJobId: string, signal?: AbortSignal): Promise<JobStatus>;
  /** Cancels what was submitted under a key and bars the key, so that a late submission is refused. */
  cancelKey(key: string, signal?: AbortSignal): Promise<JobStatus | undefined>;
  list(): Promise<readonly { key: string; siteJobId: string | undefined; manager: string; spec: JobSpec }[]>;
}

const submissions = "submissions";
const siteJobs = "site-jobs";
const barredKeys = "barred-keys";

/** Creates the dispatcher of a worker. Only jobs it submitted itself can be read or cancelled through it. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { site, secretary, database, clock } = options;
  const running = new Map<string, Promise<Dispatched>>();

  function engineOf(manager: string): Engine {
    const engine = site.engines.find((candidate) => candidate.manager === manager);
    if (engine) return engine;
    throw new ParleyError(
      "E_ENGINE_MISSING",
      `Site ${site.workerId} no longer has the scheduler "${manager}" that runs this job: enable it again.`,
    );
  }

  async function load(key: string): Promise<Submission | undefined> {
    const stored = await database.get(submissions, key);
    return stored && read(stored);
  }

  async function save(submission: Submission): Promise<void> {
    await database.put(submissions, submission.key, toJson(submission));
  }

  async function plan(
    key: string,
    requirements: JobRequirements,
    request: SubmitRequest,
  ): Promise<Submission> {
    const { submitter, signal } = request;
    const planned = await secretary.plan(requirements, { submitter, signal });
    const submission: Submission = {
      key,
      tag: `pj-${shortHash(`${site.workerId}/${key}`, 20)}`,
      manager: planned.engine.manager,
      spec: planned.spec,
      createdAt: isoTime(clock.now()),
    };
    await database.put(submissions, key, toJson(submission), { ifVersion: 0 });
    return submission;
  }

  /** Asks the scheduler, unless it already has the job under our tag. */
  async function place(submission: Submission, resumed: boolean, signal?: AbortSignal): Promise<Submission> {
    const engine = engineOf(submission.manager);
    const known = resumed ? await engine.find(submission.tag, { signal }) : undefined;
    const placed = known
      ? { siteJobId: known, spec: submission.commandLine ?? submission.spec.command.join(" ") }
      : await engine.submit(submission.spec, { tag: submission.tag, signal });
    const complete = { ...submission, siteJobId: placed.siteJobId, commandLine: placed.spec };
    // The way back first: a crash between the two is made good by the next submission of the key.
    await database.put(siteJobs, placed.siteJobId, { key: submission.key });
    await save(complete);
    return complete;
  }

  async function submitOnce(
    key: string,
    requirements: JobRequirements,
    request: SubmitRequest,
  ): Promise<Dispatched> {
    const { signal } = request;
    if (await database.get(barredKeys, key)) {
      throw new ParleyError("E_DISPATCH_REFUSED", `The submission ${key} was cancelled before it was made.`);
    }
    const known = await load(key);
    const submission = known ?? (await plan(key, requirements, request));
    let placed = submission;
    try {
      if (submission.siteJobId === undefined) placed = await place(submission, known !== undefined, signal);
    } catch (error) {
      if (ParleyError.isInstance(error) && error.code === "E_ENGINE_REFUSED")
        await database.delete(submissions, key);
      throw error;
    }
    const siteJobId = placed.siteJobId ?? "";
    const status = await engineOf(placed.manager).status(siteJobId, { signal });
    return {
      manager: placed.manager,
      spec: placed.spec,
      status,
      receipt: {
        status: "SUCCESS",
        job_id: siteJobId,
        spec: placed.commandLine,
        reasoning: `${placed.manager} confirms job ${siteJobId}: ${status.state}.`,
        calls: [{ provider: placed.manager, function: "submit_job", args: { command: placed.spec.command } }],
      },
    };
  }

  async function locate(siteJobId: string): Promise<Submission> {
    const pointer = await database.get(siteJobs, siteJobId);
    const key = pointer && z.object({ key: z.string() }).parse(pointer.value).key;
    const submission = key === undefined ? undefined : await load(key);
    if (submission) return submission;
    throw new ParleyError("E_JOB_UNKNOWN", `Worker ${site.workerId} has not submitted a job ${siteJobId}.`);
  }

  async function status(
    siteJobId: string,
    signal?: AbortSignal,
    timeoutMs = answerWithinMs,
  ): Promise<JobStatus> {
    const submission = await locate(siteJobId);
    const fresh = await engineOf(submission.manager).status(siteJobId, { signal, timeoutMs });
    if (fresh.state !== submission.lastStatus?.state) await save({ ...submission, lastStatus: fresh });
    return fresh;
  }

  return {
    submit(requirements, request) {
      const { key = newId("key") } = request;
      const already = running.get(key);
      if (already) return already;
      const work = submitOnce(key, requirements, request).finally(() => running.delete(key));
      running.set(key, work);
      return work;
    },
    status: (siteJobId, signal) => status(siteJobId, signal),
    async cancelKey(key, signal) {
      await database.put(barredKeys, key, { at: isoTime(clock.now()) });
      await running.get(key)?.catch(() => undefined);
      const submission = await load(key);
      if (!submission) return undefined;
      const engine = engineOf(submission.manager);
      const siteJobId = submission.siteJobId ?? (await engine.find(submission.tag, { signal }));
      if (siteJobId === undefined) return undefined;
      await database.put(siteJobs, siteJobId, { key });
      await engine.cancel(siteJobId, { signal });
      return engine.status(siteJobId, { signal });
    },
    async logs(siteJobId, logOptions) {
      const { manager } = await locate(siteJobId);
      return engineOf(manager).logs(siteJobId, { timeoutMs: answerWithinMs, ...logOptions });
    },
    async cancel(siteJobId, signal) {
      const endsAt = clock.now() + answerWithinMs;
      const { manager } = await locate(siteJobId);
      await engineOf(manager).cancel(siteJobId, { signal, timeoutMs: answerWithinMs / 2 });
      return status(siteJobId, signal, Math.max(1, endsAt - clock.now()));
    },
    async list() {
      const stored = await database.list(submissions);
      return stored.map((entry) => {
        const { key, siteJobId, manager, spec } = read(entry);
        return { key, siteJobId, manager, spec };
      });
    },
  };
}

function read(stored: Stored<Json>): Submission {
  const parsed = Submission.safeParse(stored.value);
  if (parsed.success) return parsed.data;
  throw new ParleyError("E_DATABASE_CORRUPT", `Stored submission ${stored.id} cannot be read back.`, {
    cause: parsed.error,
  });
}
