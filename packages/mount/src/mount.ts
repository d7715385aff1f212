import type { McpClient, McpCommonOptions } from "@parley/mcp-client";
import type { Prompt, Registry, Resource, Tool, ToolContext } from "@parley/tool-registry";

/**
 * `connecting` before the first answer; `ready`; `unreachable` while it does not answer, what it offered staying
 * listed; `refused` when what it offers cannot be served; `closed`.
 */
export type MountState = "connecting" | "ready" | "unreachable" | "refused" | "closed";

/** How a mount is. */
export interface MountStatus {
  readonly state: MountState;
  /** Why it is not ready, in one sentence. */
  readonly reason?: string | undefined;
  /** The error's code, where an error is the reason. */
  readonly code?: string | undefined;
}

/** What the client of a mounted server must be made with. */
export type MountConnection = Required<
  Pick<McpCommonOptions, "handlers" | "capabilities" | "onNotification" | "onDisconnect" | "onWarning">
>;

/**
 * Whether clients share the connection to a server. Over one stream for all, nothing tells for which call a server asks or
 * logs: with `auto`, as soon as that was seen, calls that run at once take connections of their own.
 */
export type MountSessions = "shared" | "per-client" | "auto";

/** The parts of a server that can be mounted. */
export interface MountedItems {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
}

type CallHeaders = Readonly<Record<string, string>>;

/** How {@link createMount} is called. */
export interface MountOptions {
  /** Names the mount in messages, tags and `_meta`. */
  readonly name: string;
  readonly registry: Registry;
  /** Makes a client: one that all share, and more where calls have their own; the mount closes them. */
  readonly connect: (connection: MountConnection, headers?: CallHeaders) => McpClient;
  /** Default `auto`. */
  readonly sessions?: MountSessions | undefined;
  /** Headers the server is to see with a call; calls of equal ones share a connection. */
  readonly callHeaders?: ((context: ToolContext) => CallHeaders | undefined) | undefined;
  /** Connections beside the shared one that may be open at once (default 32). */
  readonly maxSessions?: number | undefined;
  /** How long one of them is kept without a call (default 300,000). */
  readonly sessionIdleMs?: number | undefined;
  /** Stands before each name with an underscore (default `name`); empty for none. */
  readonly prefix?: string | undefined;
  /** Globs of the server's own names; empty or absent takes everything. */
  readonly include?: readonly string[] | undefined;
  /** Globs of the server's own names to leave out; outranks `include`. */
  readonly exclude?: readonly string[] | undefined;
  /** A last choice over what would be served. */
  readonly select?: ((items: MountedItems) => MountedItems) | undefined;
  /** Scope a caller needs for the tools (default `dispatch`: their own hints are not trusted). */
  readonly scope?: Tool["scope"];
  /** Hears each change of state. */
  readonly onStatus?: ((status: MountStatus) => void) | undefined;
  /** Hears, in one sentence, of something that was left out. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** How often everything is listed anew, which also shows that the server lives (default 30,000). */
  readonly refreshMs?: number | undefined;
  /** Wait after the first failure, doubled after each further one (default 500). */
  readonly firstBackoffMs?: number | undefined;
  /** Longest wait between attempts (default 30,000). */
  readonly maxBackoffMs?: number | undefined;
  /** How long a call of a server of the 2025 revisions is held while its question is answered (default 600,000). */
  readonly askTtlMs?: number | undefined;
}

/** A mounted server. It connects in the background from the start and never throws. */
export interface Mount {
  readonly name: string;
  readonly status: MountStatus;
  /** Resolves when it is ready for the first time; never before the server answers. */
  readonly ready: Promise<void>;
  /** Takes its items out of the registry, ends running calls and the client. Safe to call twice. */
  close(): Promise<void>;
}
