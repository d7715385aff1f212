import type { Clock } from "@parley/core";
import { digest } from "@parley/core";
import { toolContext } from "@parley/tool-registry";
import type { ToolContext, ToolResult } from "@parley/tool-registry";
import { LRUCache } from "lru-cache";

/** What makes two calls the same one. */
interface ReadKey {
  readonly caller: string | undefined;
  readonly tool: string;
  readonly args: unknown;
}

/** Answers to calls that only read, shared by identical calls of one caller and never with another. */
export interface SharedReads {
  /** @param work - gets a context that ends when the last of those who wait has left */
  get(
    key: ReadKey,
    context: ToolContext,
    work: (context: ToolContext) => Promise<ToolResult>,
  ): Promise<ToolResult>;
}

export interface SharedReadsOptions {
  /** The longest an answer is kept; an answer that says for how long is kept no longer than that. 0 keeps none. */
  readonly ttlMs: number;
  readonly clock: Clock;
}

interface Flight {
  readonly result: Promise<ToolResult>;
  join(context: ToolContext): () => void;
}

interface Kept {
  readonly result: ToolResult;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly keptMs: number;
}

const maxKept = 1000;
/** Characters of JSON beyond which an answer is not kept. */
const maxLength = 256 * 1024;

export function createSharedReads({ ttlMs, clock }: SharedReadsOptions): SharedReads {
  const flights = new Map<string, Flight>();
  const kept = new LRUCache<string, Kept>({ max: maxKept });
  const keep = (id: string, result: ToolResult): void => {
    const keptMs = Math.min(ttlMs, result.ttlMs ?? ttlMs);
    if (keptMs === 0 || result.isError === true || JSON.stringify(result).length > maxLength) return;
    kept.set(id, { result, at: clock.now(), keptMs });
  };
  return {
    async get(key, context, work) {
      context.signal.throwIfAborted();
      const id = digest([key.caller ?? "", key.tool, key.args]);
      const known = kept.get(id);
      const age = known === undefined ? Infinity : clock.now() - known.at;
      if (known !== undefined && age < known.keptMs) return aged(known.result, age);
      const running = flights.get(id);
      if (running !== undefined) return await waitFor(running, context);
      const flight = startFlight(context, work, (result) => {
        if (flights.get(id) === flight) flights.delete(id);
        if (result !== undefined) keep(id, result);
      });
      flights.set(id, flight);
      return await waitFor(flight, context);
    },
  };
}

/** Who gets it later may keep it for what is left. */
function aged(result: ToolResult, age: number): ToolResult {
  return result.ttlMs === undefined ? result : { ...result, ttlMs: Math.max(0, result.ttlMs - age) };
}

/** One call for all who wait; each hears its progress. */
function startFlight(
  context: ToolContext,
  work: (context: ToolContext) => Promise<ToolResult>,
  landed: (result: ToolResult | undefined) => void,
): Flight {
  const stop = new AbortController();
  const waiting = new Set<ToolContext>();
  const shared: ToolContext = {
    // No session: it goes on when the client that came first has gone.
    ...toolContext({ caller: context.caller, scopes: context.scopes, _meta: context._meta }),
    signal: stop.signal,
    progress: (...report) => waiting.forEach((each) => each.progress(...report)),
    log: (...entry) => waiting.forEach((each) => each.log(...entry)),
  };
  const result = Promise.resolve().then(() => work(shared));
  result.then(landed, () => landed(undefined));
  return {
    result,
    join(each) {
      waiting.add(each);
      return () => {
        waiting.delete(each);
        if (waiting.size > 0) return;
        // Who comes now must not wait for what is being ended.
        landed(undefined);
        stop.abort(each.signal.reason);
      };
    },
  };
}

function waitFor(flight: Flight, context: ToolContext): Promise<ToolResult> {
  const leave = flight.join(context);
  const { signal } = context;
  return new Promise<ToolResult>((resolve, reject) => {
    const gone = (): void => {
      leave();
      reject(signal.reason instanceof Error ? signal.reason : new Error("The caller has gone away."));
    };
    const settled = (): void => signal.removeEventListener("abort", gone);
    signal.addEventListener("abort", gone, { once: true });
    flight.result.then(resolve, reject).finally(settled);
  });
}
