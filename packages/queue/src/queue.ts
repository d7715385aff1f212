import { resolve } from "node:path";
import { z } from "zod";
import { backup } from "./_backup.ts";
import { PruneRequest, RedriveRequest, prune, redrive } from "./_bulk.ts";
import { checkQueue } from "./_check.ts";
import { claim } from "./_claim.ts";
import { Command, Undo, allOrNothing, perform, performAll } from "./_commands.ts";
import { setQueuePaused } from "./_control.ts";
import type { Core } from "./_core.ts";
import { createCore } from "./_core.ts";
import { parseArgument } from "./_errors.ts";
import { EventQuery } from "./_feed.ts";
import { ResetRequest, reset } from "./_reset.ts";
import { submitFlow } from "./_flow.ts";
import { keep, kept } from "./_kept.ts";
import { TaskQuery, listTasks, readParents, readTask } from "./_read.ts";
import type { By, Queue } from "./port.ts";
import type { QueueOptions } from "./options.ts";
import { settle } from "./options.ts";
import type { Lease, Outcome } from "./schema.ts";
import { ClaimRequest, FlowTask } from "./schema.ts";

/** Commands in one batch. */
const largestBatch = 1000;

const Batch = z.array(Command).min(1).max(largestBatch);
const Flow = z.array(FlowTask).min(1).max(largestBatch);

async function undoable(work: Promise<readonly Outcome[]>): Promise<readonly Outcome[]> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Undo) return error.outcomes;
    throw error;
  }
}

/** What submits, works on and steers single tasks. */
function createCommands({ run, waitFor, isDraining }: Core): Pick<Queue, CommandName> {
  const one = async (command: Command): Promise<Outcome> => {
    const parsed = parseArgument(Command, command);
    return await run((context) => perform(context, parsed));
  };
  return {
    submit: (task) => one({ command: "submit", task }),
    complete: (lease, result) => one({ command: "complete", lease, result }),
    fail: (lease, failure) => one({ command: "fail", lease, failure }),
    heartbeat: (lease, progress) => one({ command: "heartbeat", lease, progress }),
    verify: (lease) => one({ command: "verify", lease }),
    release: (lease) => one({ command: "release", lease }),
    confirmCancel: (lease) => one({ command: "confirm_cancel", lease }),
    cancel: (id, by) => one({ command: "cancel", id, ...by }),
    pause: (id, by) => one({ command: "pause", id, ...by }),
    resume: (id, by) => one({ command: "resume", id, ...by }),
    retry: (id, by) => one({ command: "retry", id, ...by }),
    revoke: (id, by) => one({ command: "revoke", id, ...by }),
    provideInput: (id, input, by) => one({ command: "provide_input", id, input, ...by }),
    async claim(request, wait = {}) {
      const parsed = parseArgument(ClaimRequest, request);
      const attempt = async (): Promise<readonly Lease[]> =>
        isDraining() ? [] : await run((context) => claim(context, parsed));
      // Most claims do not wait, and then need nothing of what waits.
      const { waitMs = 0, signal } = wait;
      if (waitMs === 0 && signal === undefined) return await attempt();
      return await waitFor(parsed.queues, wait, attempt);
    },
  };
}

/** What changes many tasks at once. */
function createBulk({ run }: Core): Pick<Queue, BulkName> {
  const setPaused = async (change: { queue: string; paused: boolean }, by: By = {}): Promise<void> => {
    const { reason = "", actor = "" } = by;
    await run((context) => setQueuePaused(context, { ...change, reason, actor }));
  };
  return {
    async batch(commands, { atomic = false } = {}) {
      const parsed = parseArgument(Batch, commands);
      const all = run((context) => {
        const outcomes = performAll(context, parsed);
        return atomic ? allOrNothing(outcomes) : outcomes;
      });
      return await undoable(all);
    },
    async submitFlow(tasks) {
      const parsed = parseArgument(Flow, tasks);
      return await undoable(run((context) => allOrNothing(submitFlow(context, parsed))));
    },
    pauseQueue: (queue, by) => setPaused({ queue, paused: true }, by),
    resumeQueue: (queue, by) => setPaused({ queue, paused: false }, by),
    async redrive(request) {
      const parsed = parseArgument(RedriveRequest, request);
      return await run((context) => redrive(context, parsed));
    },
    async reset(request = {}) {
      const parsed = parseArgument(ResetRequest, request);
      return await run((context) => reset(context, parsed));
    },
    async prune(request) {
      const parsed = parseArgument(PruneRequest, request);
      return await run((context) => prune(context, parsed));
    },
  };
}

type CommandName =
  | "submit" | "claim" | "complete" | "fail" | "heartbeat" | "verify" | "release" | "confirmCancel"
  | "cancel" | "pause" | "resume" | "retry" | "revoke" | "provideInput"; // prettier-ignore
type BulkName = "batch" | "submitFlow" | "pauseQueue" | "resumeQueue" | "redrive" | "reset" | "prune";

/**
 * Opens a durable queue in one SQLite file, of which this process becomes the only writer. Calls made in one
 * turn of the event loop share one commit; an answer has reached the disk. SQLite works on the calling thread.
 * @throws {@link ParleyError} `E_DATABASE_DRIVER`, `E_QUEUE_OWNED`, `E_DATABASE_CORRUPT`, `E_DATABASE_IO`;
 * of calls `E_ARGUMENT_INVALID`, `E_QUEUE_BUSY`, `E_QUEUE_DISK_FULL`.
 */
export async function createQueue(options: QueueOptions): Promise<Queue> {
  const path = options.path === ":memory:" ? options.path : resolve(options.path);
  const settings = settle({ ...options, path });
  const core = await createCore(settings);
  const { readSafely, feed } = core;
  return {
    path,
    ...createCommands(core),
    ...createBulk(core),
    get: (id) => readSafely(() => readTask(core.statements, id)),
    list: (query = {}) => readSafely(() => listTasks(core, parseArgument(TaskQuery, query))),
    parents: (id) => readSafely(() => readParents(core, id)),
    events: (query = {}) => readSafely(() => feed.read(parseArgument(EventQuery, query))),
    subscribe: (subscription = {}) => feed.subscribe(subscription),
    stats: () => readSafely(() => core.stats.read(feed.lastSeq())),
    keep: (key, value) => core.run((context) => keep(context, { key, value })),
    kept: (key) => readSafely(() => kept(core.sql, key)),
    sweep: () => core.sweepAll(),
    backup: (target) => backup(core.client, { path, target }),
    check: () => readSafely(() => checkQueue(core.sql)),
    drain: (drain = {}) => core.drain(drain),
    close: () => core.close(),
    [Symbol.asyncDispose]: () => core.close(),
  };
}
