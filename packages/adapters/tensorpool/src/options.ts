import type { Database } from "@parley/databases";
import type { Run } from "@parley/exec";

/** The part of `fetch` in use; Node's own fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What a cluster may cost before somebody has to confirm it. An absent limit does not limit. */
export interface Limits {
  /** GPUs of one cluster, over all its nodes; default `TENSORPOOL_MAX_GPUS`. */
  readonly maxGpus?: number | undefined;
  /** US dollars an hour, of the new cluster and those recorded; default `TENSORPOOL_MAX_USD_PER_HOUR`. */
  readonly maxUsdPerHour?: number | undefined;
  /** US dollars of one cluster over its lease; default `TENSORPOOL_MAX_USD`. */
  readonly maxUsd?: number | undefined;
}

/** Where TensorPool is and how to speak to it. What is absent comes from `env` when a call is made. */
export interface TensorPoolOptions {
  /** API key, or a function asked for it with every call; default `TENSORPOOL_KEY`, else `TENSORPOOL_API_KEY`. */
  readonly key?: string | (() => string | undefined) | undefined;
  /** Address of the engine; default `TENSORPOOL_ENGINE`, else `https://engine.tensorpool.dev`. */
  readonly engine?: string | undefined;
  /** `cli` runs the `tp` program, `http` speaks to the engine itself; default `TENSORPOOL_BACKEND`, else `cli`. */
  readonly backend?: "cli" | "http" | undefined;
  /** The `tp` program: a name on PATH or an absolute path; default `TENSORPOOL_TP`, else `tp`. */
  readonly program?: string | undefined;
  /** Folder that job files and downloads stay in; default `TENSORPOOL_WORKDIR`, else the working directory. */
  readonly workdir?: string | undefined;
  /** Lets `tp` run the shell lines its engine sends; default `TENSORPOOL_ALLOW_COMMANDS`, else false. */
  readonly allowCommands?: boolean | undefined;
  readonly limits?: Limits | undefined;
  /** US dollars per GPU and hour, by GPU; default `TENSORPOOL_PRICES`, such as `H100=2.5,B200=4`. */
  readonly prices?: Readonly<Record<string, number>> | undefined;
  /** Hours after which a created cluster is destroyed; default `TENSORPOOL_LEASE_HOURS`, else never. */
  readonly leaseHours?: number | undefined;
  /** Keeps the leases; default JSON files in `TENSORPOOL_STATE_DIR`, else `~/.local/state/parley/tensorpool`. */
  readonly database?: Database | undefined;
  /** Default child processes. */
  readonly run?: Run | undefined;
  readonly fetch?: Fetch | undefined;
  /** Default `process.env`, read with every call. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Resolves after `ms`, rejects when the signal aborts; default a timer. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** A string nobody can guess; default a random UUID. */
  readonly newId?: (() => string) | undefined;
}
