import type { Clock, Random, RandomBytes } from "@parley/core";
import { ParleyError, systemClock } from "@parley/core";
import type BetterSqlite3 from "better-sqlite3";
import { loadSqlite } from "./_load.ts";

/** A token bucket: `perSecond` on average, `burst` at once (default `perSecond`, at least 1). */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst?: number | undefined;
}

/** How much may run at a time, and how fast it may start. */
export interface Limits {
  /** Tasks in workers' hands over all queues. */
  readonly concurrency?: number | undefined;
  /** Tasks in workers' hands per `concurrencyKey`. */
  readonly perKey?: number | undefined;
  readonly queues?:
    | Readonly<Record<string, { concurrency?: number | undefined; rate?: RateLimit | undefined }>>
    | undefined;
}

/** Options of {@link createQueue}; durations are milliseconds. */
export interface QueueOptions {
  /** The database file, made with its folder when absent; `:memory:` keeps nothing. */
  readonly path: string;
  readonly limits?: Limits | undefined;
  /** `full` (default): an answer has reached the disk. `normal`: a power failure may take the last ones. */
  readonly durability?: "full" | "normal" | undefined;
  /** Default 30 s. */
  readonly leaseMs?: number | undefined;
  /** Default 15 min. */
  readonly attemptTimeoutMs?: number | undefined;
  /** Failures before a task is failed. Default 3. */
  readonly maxAttempts?: number | undefined;
  /** Lost leases before a task is failed as poison. Default 3. */
  readonly maxCrashes?: number | undefined;
  /** First and longest pause of the exponential backoff with full jitter. Default 1 s and 5 min. */
  readonly backoff?: { readonly baseMs: number; readonly capMs: number } | undefined;
  /** Waiting that is worth one step of priority. Default 60 s. */
  readonly agingMs?: number | undefined;
  /** How long a worker may take to stop after a cancel. Default 30 s. */
  readonly cancelGraceMs?: number | undefined;
  /** How long idempotency keys are remembered. Default 7 days. */
  readonly idempotencyMs?: number | undefined;
  /** Largest payload, result or progress as JSON. Default 1 MiB. */
  readonly maxPayloadBytes?: number | undefined;
  /** Largest database file; submissions stop at 90 % of it so that what runs can end. No limit by default. */
  readonly maxBytes?: number | undefined;
  /** Calls that may wait for one commit. Default 10,000. */
  readonly maxWaiting?: number | undefined;
  /** How often leases and schedules are looked at. Default 1 s; 0 leaves it to `sweep()`. */
  readonly sweepMs?: number | undefined;
  /** How long to wait for another owner of the file to end. Default 5 s. */
  readonly ownerWaitMs?: number | undefined;
  /** `auto` (default) reads the whole file at start only below 64 MiB. */
  readonly integrityCheck?: "auto" | "always" | "never" | undefined;
  /** Wall clock: schedules, deadlines, what people read. */
  readonly clock?: Clock | undefined;
  /** Clock that never jumps, in ms: leases, retries, rates. Default `performance.now`. */
  readonly monotonicMs?: (() => number) | undefined;
  /** Draws the jitter of retries. */
  readonly random?: Random | undefined;
  /** Makes ids and lease tokens. */
  readonly randomBytes?: RandomBytes | undefined;
  /** Seam for tests: what loads the native module. */
  readonly load?: (() => Promise<typeof BetterSqlite3>) | undefined;
}

/** {@link QueueOptions} with every default in place. */
export type Settings = { readonly [Key in keyof QueueOptions]-?: NonNullable<QueueOptions[Key]> };

const atLeastOne = [
  "leaseMs",
  "attemptTimeoutMs",
  "maxAttempts",
  "maxCrashes",
  "maxPayloadBytes",
  "maxWaiting",
] as const;
const atLeastZero = [
  "agingMs",
  "cancelGraceMs",
  "idempotencyMs",
  "sweepMs",
  "ownerWaitMs",
  "maxBytes",
] as const;

function refuseUnusable(options: QueueOptions): void {
  const { backoff, limits = {} } = options;
  const numbers: [name: string, value: number | undefined, least: number][] = [
    ...atLeastOne.map((name): (typeof numbers)[number] => [name, options[name], 1]),
    ...atLeastZero.map((name): (typeof numbers)[number] => [name, options[name], 0]),
    ["backoff.baseMs", backoff?.baseMs, 0],
    ["backoff.capMs", backoff?.capMs, 0],
    ["limits.concurrency", limits.concurrency, 0],
    ["limits.perKey", limits.perKey, 1],
    ...Object.entries(limits.queues ?? {}).flatMap(([queue, { concurrency, rate }]): typeof numbers => [
      [`limits.queues.${queue}.concurrency`, concurrency, 0],
      [`limits.queues.${queue}.rate.perSecond`, rate?.perSecond, 0],
      [`limits.queues.${queue}.rate.burst`, rate?.burst, 0],
    ]),
  ];
  for (const [name, value, least] of numbers) {
    if (value === undefined || value >= least) continue;
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `The queue option ${name} is ${value}: give ${least} or more.`,
    );
  }
}

/** Fills the defaults in. */
export function settle(options: QueueOptions): Settings {
  refuseUnusable(options);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    limits: {},
    durability: "full",
    leaseMs: 30_000,
    attemptTimeoutMs: 900_000,
    maxAttempts: 3,
    maxCrashes: 3,
    backoff: { baseMs: 1000, capMs: 300_000 },
    agingMs: 60_000,
    cancelGraceMs: 30_000,
    idempotencyMs: 7 * 86_400_000,
    maxPayloadBytes: 2 ** 20,
    maxBytes: Number.POSITIVE_INFINITY,
    maxWaiting: 10_000,
    sweepMs: 1000,
    ownerWaitMs: 5000,
    integrityCheck: "auto",
    clock: systemClock,
    monotonicMs: () => performance.now(),
    random: Math.random,
    randomBytes: (bytes) => crypto.getRandomValues(bytes),
    load: loadSqlite,
    ...given,
    path: options.path,
  };
}
