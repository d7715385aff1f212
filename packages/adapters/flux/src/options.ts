import type { Run } from "@parley/exec";

/** Where Flux is and what jobs are given. What is absent comes from `env` when a call is made. */
export interface FluxOptions {
  /** The instance; default `FLUX_URI`, else the system's. */
  readonly uri?: string | undefined;
  /** Path of `flux`; default the one on PATH. */
  readonly command?: string | undefined;
  /** Whether calls may name instances on other machines, which Flux reaches by starting ssh. Default false. */
  readonly allowRemote?: boolean | undefined;
  /** Further variables of `env` that every job gets; PATH, HOME, USER and LANG it gets anyway. */
  readonly passEnvironment?: readonly string[] | undefined;
  /** Milliseconds for the commands of one call, waiting apart. Default 15 000. */
  readonly timeoutMs?: number | undefined;
  /** Default `createRun()` of `@parley/exec`. */
  readonly run?: Run | undefined;
  /** Default `process.env`, read with every call. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: (() => number) | undefined;
}
