import { ParleyError } from "@parley/core";
import type { Call } from "./call.ts";
import { clusterCommands } from "./commands/clusters.ts";
import type { Lease } from "./leases.ts";
import { findId } from "./text.ts";

/** What {@link createLeaseKeeper} works with. */
export interface LeaseKeeperOptions {
  /** A call with the key as it is now. @throws `E_CONFIG_INVALID` */
  readonly open: (signal: AbortSignal) => Call;
  /** Told in one sentence of what was destroyed and what could not be. */
  readonly notice: (sentence: string) => void;
  /** Calls back after `ms` and returns how to call that off; default a timer that keeps no process alive. */
  readonly schedule?: ((ms: number, then: () => void) => () => void) | undefined;
}

/** Destroys clusters at their deadlines, as long as it runs and from wherever a former one stopped. */
export interface LeaseKeeper {
  /** Looks at the deadlines now and keeps looking. Safe to call again. */
  wake(): void;
  /** Destroys what is due; resolves with the milliseconds to the next look. */
  tick(): Promise<number>;
  close(): Promise<void>;
}

/** Another process may change a record, so it is read again at least this often. */
const longestMs = 60_000;
const firstRetryMs = 30_000;
const longestRetryMs = 15 * 60_000;

/** Makes a keeper; it does nothing until it is woken. */
export function createLeaseKeeper({ open, notice, schedule = timer }: LeaseKeeperOptions): LeaseKeeper {
  const stopped = new AbortController();
  let cancel: () => void = nothing;
  let running: Promise<unknown> = Promise.resolve();
  const tick = async (): Promise<number> => keepOnce({ call: open(stopped.signal), notice });
  let complained = "";
  const complain = (error: unknown): number => {
    const sentence = `The leases of TensorPool clusters could not be kept: ${sentenceOf(error)}`;
    if (sentence !== complained) notice(sentence);
    complained = sentence;
    return longestMs;
  };
  const lookOnce = async (): Promise<void> => {
    const ms = await tick().catch(complain);
    if (!stopped.signal.aborted) cancel = schedule(ms, look);
  };
  const look = (): void => {
    if (stopped.signal.aborted) return;
    cancel();
    running = running.then(lookOnce);
  };
  return {
    wake: look,
    tick,
    async close() {
      stopped.abort();
      cancel();
      await running;
    },
  };
}

interface Keeping {
  readonly call: Call;
  readonly notice: (sentence: string) => void;
}

async function keepOnce(keeping: Keeping): Promise<number> {
  const { call } = keeping;
  const now = call.now();
  let next = longestMs;
  for (const lease of await call.leases.list()) {
    const known = await settleCreation(keeping, lease);
    const due = known === undefined ? undefined : dueAt(known);
    if (known === undefined || due === undefined) continue;
    if (due <= now) await destroyDue(keeping, known);
    else next = Math.min(next, due - now);
  }
  return Math.max(next, 1000);
}

/** When a lease is next to be acted on: its deadline, later after failures. */
function dueAt({ destroy_at, attempts = 0 }: Lease): number | undefined {
  if (destroy_at === undefined) return undefined;
  const delays = Array.from({ length: Math.min(attempts, 40) }, (_, failed) =>
    Math.min(firstRetryMs * 2 ** failed, longestRetryMs),
  );
  return Date.parse(destroy_at) + delays.reduce((sum, delay) => sum + delay, 0);
}

/** Long enough for an answer to come after all. */
const answerMs = 10 * 60_000;

/**
 * Finds the cluster of a creation that was never answered. Only a name made up for it finds it: another cluster may bear
 * the name a caller gave. `undefined` when the lease has ended.
 */
async function settleCreation({ call, notice }: Keeping, lease: Lease): Promise<Lease | undefined> {
  const since = call.now() - Date.parse(lease.created_at);
  if (lease.state !== "creating" || (since < answerMs && (dueAt(lease) ?? Infinity) > call.now()))
    return lease;
  try {
    const cluster_id = lease.own_name === true ? await findByName(call, lease.name) : undefined;
    if (cluster_id !== undefined) return await call.leases.update(lease.id, { state: "active", cluster_id });
  } catch (error) {
    notice(`A cluster whose creation was not answered cannot be looked for: ${sentenceOf(error)}`);
    return undefined;
  }
  await call.leases.update(lease.id, { state: "ended", ended_at: new Date(call.now()).toISOString() });
  const fate = lease.own_name === true ? "was never made" : "may exist, and nothing here will end it";
  notice(`The cluster ${lease.name}, whose creation was not answered, ${fate}: see cluster_list.`);
  return undefined;
}

async function destroyDue({ call, notice }: Keeping, lease: Lease): Promise<void> {
  const { cluster_id } = lease;
  if (cluster_id === undefined) return;
  try {
    const existed = await destroy(call, cluster_id);
    await call.leases.update(lease.id, { state: "ended", ended_at: new Date(call.now()).toISOString() });
    notice(
      existed
        ? `The lease of cluster ${cluster_id} ended, and it is being destroyed.`
        : `The cluster ${cluster_id} was gone before its lease ended.`,
    );
  } catch (error) {
    if (call.signal.aborted) return;
    const attempts = (lease.attempts ?? 0) + 1;
    await call.leases.update(lease.id, { attempts, last_error: sentenceOf(error) });
    notice(
      `The lease of cluster ${cluster_id} ended, but it goes on costing money: ${sentenceOf(error)} It is tried again.`,
    );
  }
}

/** The ID in the one line of a list that holds a name. */
async function findByName(call: Call, name: string): Promise<string | undefined> {
  const { message } = await call.backend.send(clusterCommands.list({ org: false, instances: false }), call);
  const lines = message.split("\n").filter((text) => text.includes(name));
  return lines.length === 1 ? findId("c", lines[0] ?? "") : undefined;
}

/** Whether there was a cluster to destroy. */
async function destroy(call: Call, clusterId: string): Promise<boolean> {
  try {
    await call.backend.send(clusterCommands.destroy({ cluster_id: clusterId, wait: false }), call);
    return true;
  } catch (error) {
    if (ParleyError.isInstance(error) && error.code === "E_OBJECT_UNKNOWN") return false;
    throw error;
  }
}

const nothing = (): void => {};

const sentenceOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 500);

function timer(ms: number, then: () => void): () => void {
  const handle = setTimeout(then, ms);
  handle.unref();
  return () => clearTimeout(handle);
}
