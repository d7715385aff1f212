import type { Facts, ProbeStatus, Scope } from "@parley/core";
import type { Run } from "@parley/exec";
import type { z } from "zod";

/** The seed's provider categories; an application is `app_<category>`. */
export type Category =
  | "workload"
  | "software"
  | "container"
  | "storage"
  | "network"
  | "hardware"
  | "parallel"
  | `app_${string}`;

/** The operating system's own account of this machine. */
export interface Machine {
  /** As `uname -m` prints it: `x86_64`, `aarch64`, `arm64`, `ppc64le`. */
  readonly arch: string;
  /** `linux`, `darwin`, `freebsd`. */
  readonly platform: string;
  readonly cpuModel?: string | undefined;
  readonly logicalCores: number;
  readonly totalMemoryBytes: number;
  readonly freeMemoryBytes: number;
  /** Mean run-queue length over 1, 5 and 15 minutes. */
  readonly loadAverage: readonly number[];
  /** Numeric user id; absent where there is none. */
  readonly userId?: number | undefined;
}

/** What a provider may touch; all of it replaceable in tests. */
export interface ProviderContext {
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a small text file, `undefined` when there is none. */
  readonly readText: (path: string) => Promise<string | undefined>;
  /** Names in a directory, `undefined` when there is none. */
  readonly list: (path: string) => Promise<readonly string[] | undefined>;
  /** Whether a path is a regular file this user may execute. */
  readonly isExecutable: (path: string) => Promise<boolean>;
  /** What the operating system says about itself, for machines without `/proc`. */
  readonly machine: () => Machine;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface ProviderCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for this call. Default 10 000. */
  readonly timeoutMs?: number | undefined;
}

/** Whether the thing is there. The detail is one sentence for people. */
export interface ProbeResult {
  readonly status: ProbeStatus;
  readonly detail?: string | undefined;
}

/**
 * A question a secretary may ask. `observe` tools change nothing; `dispatch` tools act and are offered only
 * while a job is being dispatched.
 */
export interface ProviderTool {
  readonly name: string;
  readonly description: string;
  readonly kind: "observe" | "dispatch";
  readonly input: z.ZodObject;
  handler(args: Readonly<Record<string, unknown>>, options: ProviderCallOptions): Promise<unknown>;
}

/** What a request wants to know, so that a provider looks up only that. */
export interface FactsQuery {
  /** Names of software the request mentions, aliases included. */
  readonly software: readonly string[];
  /** Paths whose free space matters. */
  readonly paths: readonly string[];
}

/** The part of {@link Facts} one provider fills. Every item names its evidence. */
export type PartialFacts = Partial<
  Pick<
    Facts,
    "workloads" | "software" | "mpi" | "containers" | "fabrics" | "storage" | "hardware" | "evidence"
  >
>;

/** Discovers one kind of thing at a site. */
export interface Provider {
  /** Unique over all categories; prefix of its tools. */
  readonly name: string;
  readonly category: Category;
  readonly scope: Scope;
  /** Cheap and quiet; never throws. */
  probe(options?: ProviderCallOptions): Promise<ProbeResult>;
  /** Static facts for the manifest; called once and cached by the {@link Site}. */
  metadata(options?: ProviderCallOptions): Promise<Record<string, unknown>>;
  /** Dynamic facts for one request. */
  facts(query: FactsQuery, options?: ProviderCallOptions): Promise<PartialFacts>;
  readonly tools: readonly ProviderTool[];
  /** Ground truth; simulated providers only. */
  truth?(): Record<string, unknown>;
}
