import type { SlurmCommand } from "@parley/engines/slurm";
import type { Run } from "@parley/exec";

/** How the tools reach the machine. What is absent comes from `env` when a call is made. */
export interface HpcOptions {
  /** Runs programs; default child processes without a shell. */
  readonly run?: Run | undefined;
  /** Default the process's own, read with every call. Programs get only the variables they need of it. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Absolute folders the file tools may touch; default `HPC_ROOTS`, separated by colons. */
  readonly roots?: readonly string[] | undefined;
  /**
   * Absolute folder for the scripts and output of submitted jobs, which the compute nodes have to see; default
   * `HPC_STATE_DIR`, else `.local/state/parley-hpc` in the home directory.
   */
  readonly stateDir?: string | undefined;
  /** Paths of Slurm's programs where they are not on PATH. */
  readonly slurmCommands?: Readonly<Partial<Record<SlurmCommand, string>>> | undefined;
  /** Whether jobs start from the user's login environment on the node; default true. */
  readonly loginEnvironment?: boolean | undefined;
  /** Milliseconds for one program, except those whose tool has a time-out of its own. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Resolves after `ms`, rejects when the signal aborts; default a timer. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}
