import { ParleyError, isTerminal, isoTime, newId, newSortableId, toParleyError } from "@parley/core";
import type { Clock, Job, JobRequirements, LogChunk, Proposal, Receipt } from "@parley/core";
import type { Database } from "@parley/databases";
import { mergeRequirements, parseRequest, withReadings } from "@parley/secretary";
import type { RequirementOverrides } from "@parley/secretary";
import type { HubSettings } from "./config.ts";
import { createJobStore } from "./job-store.ts";
import type { JobStore } from "./job-store.ts";
import { asCanceled, withCancelRequest, withStatus, withoutAnswer } from "./job-transition.ts";
import { isLegacy } from "./member.ts";
import type { Negotiation } from "./negotiation-record.ts";
import type { Roster } from "./roster.ts";
import { createSiteCalls } from "./site-calls.ts";
import type { LogRequest, SiteJob } from "./site-calls.ts";
import { createSubmission } from "./submission.ts";
import type { DispatchResult } from "./submission.ts";

export interface DispatchOptions {
  readonly workerId: string;
  readonly prompt: string;
  readonly overrides?: RequirementOverrides | undefined;
  /** Where the requirements and the promise come from. */
  readonly negotiation?: Negotiation | undefined;
  /** Repeating a dispatch with the same key returns the same job. Default: one key per negotiation and worker. */
  readonly idempotencyKey?: string | undefined;
  /** Who asks, by the name of their credential. */
  readonly submitter?: string | undefined;
}

/** Submits jobs, follows them to their end, and forgets none. */
export interface Ledger {
  readonly store: JobStore;
  dispatch(options: DispatchOptions): Promise<DispatchResult>;
  /** Reads the job's state from its site now; an unreachable site is an UNKNOWN state, not an exception. */
  refresh(id: string, signal?: AbortSignal): Promise<Job>;
  logs(id: string, request: LogRequest): Promise<LogChunk>;
  cancel(id: string, signal?: AbortSignal): Promise<Job>;
}

export interface LedgerOptions {
  readonly roster: Roster;
  readonly settings: HubSettings;
  readonly database: Database;
  readonly clock: Clock;
  /** Called after every change of a job's record. */
  readonly onChange?: ((job: Job) => void) | undefined;
}

export function createLedger(options: LedgerOptions): Ledger {
  const { roster, settings, clock } = options;
  const store = createJobStore(options.database);
  const calls = createSiteCalls(roster, settings.askTimeoutMs);
  const now = (): string => isoTime(clock.now());
  const inFlight = new Map<string, Promise<DispatchResult>>();
  const submit = createSubmission({ roster, calls, timeoutMs: settings.submitTimeoutMs, change, now });

  async function change(id: string, step: (job: Job) => Job): Promise<Job> {
    let before: Job | undefined;
    const after = await store.update(id, (job) => {
      before = job;
      return step(job);
    });
    if (after !== before) options.onChange?.(after);
    return after;
  }

  /** Writes the job down before anything is asked of a site. */
  async function open(request: DispatchOptions): Promise<{ job: Job; repeated: boolean }> {
    const member = roster.get(request.workerId);
    const job = newJob(request, clock.now());
    const id = await store.reserve(job.idempotencyKey, job.id);
    const known = await store.find(id);
    if (known) return { job: sameSite(known, request.workerId), repeated: true };
    if (roster.state(member) === "offline") {
      const last = roster.view(member).lastSeenAt;
      throw new ParleyError(
        "E_WORKER_OFFLINE",
        `Worker ${job.workerId} is offline, last seen ${last}: nothing was submitted.`,
      );
    }
    const created = { ...job, id };
    if (!(await store.create(created))) {
      return { job: sameSite(await store.load(id), request.workerId), repeated: true };
    }
    options.onChange?.(created);
    return { job: created, repeated: false };
  }

  /** One submission at a time per job, however many ask. */
  function once(job: Job): Promise<DispatchResult> {
    const running = inFlight.get(job.id);
    if (running) return running;
    const work = submit(job).finally(() => inFlight.delete(job.id));
    inFlight.set(job.id, work);
    return work;
  }

  /** Repeats a submission that was not answered, unless the site could not tell that it is a repetition. */
  async function again(job: Job): Promise<Job> {
    const running = inFlight.get(job.id);
    if (running || !isAtLegacySite(job)) return (await (running ?? once(job))).job;
    return change(job.id, (current) => withoutAnswer(current, unrepeatable, now()));
  }

  function isAtLegacySite(job: Job): boolean {
    const member = roster.find(job.workerId);
    return member !== undefined && isLegacy(member);
  }

  async function refreshed(job: Job, signal?: AbortSignal): Promise<Job> {
    if (isTerminal(job.state)) return job;
    const place = placeOf(job);
    if (!place && job.cancelRequestedAt) return cancelUnplaced(job, cancelledEarly, signal);
    if (!place && clock.now() - Date.parse(job.createdAt) > settings.placeWithinMs) {
      return cancelUnplaced(job, "given up: the site did not confirm it in time", signal);
    }
    if (!place) return again(job);
    if (isAtLegacySite(job)) return job;
    try {
      const status = await calls.status(place, signal);
      return await change(job.id, (current) => withStatus(current, status, now()));
    } catch (error) {
      return change(job.id, (current) => withoutAnswer(current, toParleyError(error).message, now()));
    }
  }

  /** Cancels a job of which nobody knows whether the site took it: the site bars the key, so that it never starts later. */
  async function cancelUnplaced(job: Job, reason: string, signal?: AbortSignal): Promise<Job> {
    try {
      const status = await calls.cancelKey(job.workerId, job.id, signal);
      return await change(job.id, (current) =>
        status ? withStatus(current, status, now()) : asCanceled(current, reason, now()),
      );
    } catch (error) {
      return change(job.id, (current) => withoutAnswer(current, toParleyError(error).message, now()));
    }
  }

  return {
    store,
    async dispatch(request) {
      const { job, repeated } = await open(request);
      if (!repeated) return once(job);
      if (isTerminal(job.state) || placeOf(job)) return { job, receipt: receiptOf(job), repeated };
      if (!isAtLegacySite(job)) return { ...(await once(job)), repeated };
      const known = await again(job);
      return { job: known, receipt: receiptOf(known), repeated };
    },
    async refresh(id, signal) {
      return refreshed(await store.load(id), signal);
    },
    async logs(id, request) {
      const job = await store.load(id);
      const place = placeOf(job);
      if (place) return calls.logs(place, request);
      return { text: "", cursor: request.cursor ?? "0", complete: isTerminal(job.state), truncated: false };
    },
    async cancel(id, signal) {
      const job = await store.load(id);
      if (isTerminal(job.state)) return job;
      await change(id, (current) => withCancelRequest(current, now()));
      await inFlight.get(id);
      const settled = await store.load(id);
      const place = placeOf(settled);
      if (isTerminal(settled.state)) return settled;
      if (!place) return cancelUnplaced(settled, cancelledEarly, signal);
      const status = await calls.cancel(place, signal);
      return status
        ? change(id, (current) => withStatus(current, status, now()))
        : refreshed(settled, signal);
    },
  };
}

const cancelledEarly = "cancelled before it was known to run";
const unrepeatable =
  "the site's worker did not confirm the job and cannot tell a repetition from a second job, so it is not sent again";

function newJob(request: DispatchOptions, nowMs: number): Job {
  const { negotiation, workerId, prompt, overrides = {} } = request;
  const words = prompt.trim() === "" && request.overrides ? undefined : prompt;
  const read = (): JobRequirements | undefined =>
    words === undefined ? undefined : parseRequest(words, { now: nowMs }).requirements;
  const at = isoTime(nowMs);
  return {
    schema: "job/1",
    id: newSortableId("job", nowMs),
    workerId,
    idempotencyKey: request.idempotencyKey ?? (negotiation ? `${negotiation.id}/${workerId}` : newId("key")),
    negotiationId: negotiation?.id,
    request: prompt,
    submitter: request.submitter,
    requirements: withReadings(
      mergeRequirements(negotiation?.requirements ?? read(), overrides),
      offerOf(negotiation, workerId)?.model?.readings ?? [],
    ).requirements,
    state: "NEW",
    createdAt: at,
    updatedAt: at,
    ...promiseOf(negotiation, workerId),
    actual: {},
  };
}

function sameSite(job: Job, workerId: string): Job {
  if (job.workerId === workerId) return job;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `The idempotency key belongs to ${job.id}, which was dispatched to ${job.workerId}: use another key for ${workerId}.`,
  );
}

function offerOf(negotiation: Negotiation | undefined, workerId: string): Proposal | undefined {
  const answer = negotiation?.answers[workerId];
  return answer?.type === "agentic_proposal" ? answer.data.structured : undefined;
}

function promiseOf(
  negotiation: Negotiation | undefined,
  workerId: string,
): Pick<Job, "offerId" | "promised"> {
  const offer = offerOf(negotiation, workerId);
  if (!offer) return { promised: {} };
  const { verdict, estimates, offerId } = offer;
  return {
    offerId,
    promised: { verdict, startSeconds: estimates.startSeconds?.p50, cost: estimates.cost?.amount },
  };
}

function placeOf({ workerId, siteJobId }: Job): SiteJob | undefined {
  return siteJobId === undefined ? undefined : { workerId, siteJobId };
}

function receiptOf(job: Job): Receipt {
  const failed = job.siteJobId === undefined;
  return {
    status: failed ? "FAILED" : "SUCCESS",
    job_id: job.siteJobId ?? null,
    spec: job.spec?.command.join(" "),
    reasoning: `This request was dispatched before as ${job.id}; nothing was submitted again.`,
    error: job.error,
    calls: [],
  };
}
