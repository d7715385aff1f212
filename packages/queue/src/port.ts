import type { BulkPlan, PruneRequest, RedriveRequest } from "./_bulk.ts";
import type { CheckReport } from "./_check.ts";
import type { Command } from "./_commands.ts";
import type { EventQuery, SubscribeOptions } from "./_feed.ts";
import type { ResetPlan, ResetRequest } from "./_reset.ts";
import type { TaskPage, TaskQuery } from "./_read.ts";
import type {
  ClaimRequest,
  Failure,
  FlowSubmission,
  Lease,
  LeaseRef,
  Outcome,
  QueueEvent,
  Task,
  TaskSubmission,
} from "./schema.ts";
import type { Stats } from "./stats.ts";
import type { z } from "zod";

/** Who wants something done to a task, and why; both go into the log. */
export interface By {
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/** How long a claim waits for work. */
export interface WaitOptions {
  /** Default 0: answer at once. */
  readonly waitMs?: number | undefined;
  /** Ends the wait with no lease. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A durable queue. A task is executed at least once and completed exactly once: only the lease that holds it can
 * end it. What the queue may refuse is answered as `{ ok: false, refusal }`; errors are thrown for unusable
 * arguments and for a store that cannot be written.
 */
export interface Queue extends AsyncDisposable {
  readonly path: string;

  submit(task: TaskSubmission): Promise<Outcome>;
  /** Submits up to 1000 tasks that depend on each other by `ref`; all or none. */
  submitFlow(tasks: readonly FlowSubmission[]): Promise<readonly Outcome[]>;
  /** Carries out up to 1000 commands in one commit, in order; `atomic`: all or none. */
  batch(
    commands: readonly Command[],
    options?: { readonly atomic?: boolean | undefined },
  ): Promise<readonly Outcome[]>;

  /** Leases of the tasks that are next, at most `limit`; none when nothing is ready or a limit is reached. */
  claim(request: z.input<typeof ClaimRequest>, wait?: WaitOptions): Promise<readonly Lease[]>;
  /** Renews a lease. Call it every third of `leaseMs`, and stop when it is refused or asks for it. */
  heartbeat(lease: LeaseRef, progress?: unknown): Promise<Outcome>;
  /** Says that the result is being checked; the lease goes on. */
  verify(lease: LeaseRef): Promise<Outcome>;
  complete(lease: LeaseRef, result?: unknown): Promise<Outcome>;
  fail(lease: LeaseRef, failure: Failure): Promise<Outcome>;
  /** Gives a task back; no failure is counted. */
  release(lease: LeaseRef): Promise<Outcome>;
  /** Says that the worker has stopped as `cancel` asked. */
  confirmCancel(lease: LeaseRef): Promise<Outcome>;

  /** Ends a waiting task; asks the worker of a running one to stop and fences it after `cancelGraceMs`. */
  cancel(id: string, by?: By): Promise<Outcome>;
  pause(id: string, by?: By): Promise<Outcome>;
  resume(id: string, by?: By): Promise<Outcome>;
  /** Ends the pause before the next attempt; `feedback` is given to it. Also said to a task that is pending. */
  retry(id: string, by?: By & { readonly feedback?: string | undefined }): Promise<Outcome>;
  /** Takes a task from its worker and fences it; no failure is counted. */
  revoke(id: string, by?: By): Promise<Outcome>;
  provideInput(id: string, input: unknown, by?: By): Promise<Outcome>;
  /** Stops claims from a queue, also after a restart; what runs goes on. */
  pauseQueue(queue: string, by?: By): Promise<void>;
  resumeQueue(queue: string, by?: By): Promise<void>;

  get(id: string): Promise<Task | undefined>;
  list(query?: z.input<typeof TaskQuery>): Promise<TaskPage>;
  /** The tasks a task depends on, with their results. */
  parents(id: string): Promise<readonly Task[]>;
  /** One page of the log. */
  events(query?: z.input<typeof EventQuery>): Promise<readonly QueueEvent[]>;
  /** Follows the log until the signal aborts or the queue closes; numbers have no gaps but where the log was pruned. */
  subscribe(options?: SubscribeOptions): AsyncGenerator<QueueEvent, void, undefined>;
  stats(): Promise<Stats>;

  /** Makes everything wait to be done again, in one commit; without `confirm` it only says what would. */
  reset(request?: z.input<typeof ResetRequest>): Promise<ResetPlan>;
  /** Runs ended tasks again as new ones; without `confirm` it only says which. */
  redrive(request: z.input<typeof RedriveRequest>): Promise<BulkPlan>;
  /** Forgets finished tasks, and the log up to the oldest task left; without `confirm` it only says which. */
  prune(request: z.input<typeof PruneRequest>): Promise<BulkPlan>;
  /** Keeps a small value beside the tasks, such as the state of a breaker; it takes the place of the key's last one. */
  keep(key: string, value: unknown): Promise<void>;
  /** What was kept last under a key. */
  kept(key: string): Promise<unknown>;
  /** Looks after leases, schedules and deadlines now; returns how many tasks moved. */
  sweep(): Promise<number>;
  /** Copies the queue to a new file while it is in use. */
  backup(target: string): Promise<void>;
  /** Reads everything and compares tables with the log. Keeps the event loop while it does. */
  check(): Promise<CheckReport>;
  /** Gives out no more leases and waits until none is out; `false` when some still are after `timeoutMs` (30 s). */
  drain(options?: {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<boolean>;
  /** Writes what waits and lets the file go. Safe to call twice. */
  close(): Promise<void>;
}
