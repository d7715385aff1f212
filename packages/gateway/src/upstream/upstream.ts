import type { GatewayServer } from "../config/gateway-config.ts";
import type { ReplicaState } from "../pool/replica.ts";
import type { MountState } from "@parley/mount";
import type { Tool, ToolContext, ToolResult } from "@parley/tool-registry";
import type { Offered } from "../pins/definition.ts";
import type { Withheld } from "../safety/review.ts";
import type { Catalogue, CatalogueTool } from "./catalogue.ts";

/**
 * How a server behind the gateway is: `disabled` by its entry, or `installing` while its program, started for the first time
 * and perhaps being downloaded, has not answered.
 */
export type UpstreamState = MountState | "disabled" | "installing";

/** How a server is, and since when. */
export interface UpstreamStatus {
  readonly state: UpstreamState;
  /** Why it is not ready, in one sentence. */
  readonly reason?: string | undefined;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** What a caller adds to a call. */
interface UpstreamCall {
  readonly context: ToolContext;
  /** Instead of the server's own time-out. */
  readonly timeoutMs?: number | undefined;
}

/** One server behind the gateway: a connection that comes back, and what the server offers. */
export interface Upstream {
  readonly server: GatewayServer;
  readonly status: UpstreamStatus;
  /** What it offers now; the last known while it is away. */
  readonly catalogue: Catalogue;
  /** What it says of itself, before anything is left out or renamed. */
  readonly offered: Offered;
  /** What it offers and nobody gets, with the reasons; absent where nobody looks. */
  readonly withheld?: readonly Withheld[] | undefined;
  /** Resolves once the first attempt to reach it has ended, well or badly. */
  readonly settled: Promise<void>;
  /** Calls that run now. */
  readonly running: number;
  /** @throws what the call fails with; `E_MCP_TIMEOUT` when nothing is heard in time */
  callTool(tool: CatalogueTool, args: Parameters<Tool["call"]>[0], call: UpstreamCall): Promise<ToolResult>;
  /** Runs a read of a resource or prompt within the server's time. */
  within<Value>(
    what: string,
    call: UpstreamCall,
    work: (context: ToolContext) => Promise<Value>,
  ): Promise<Value>;
  /** How each of several servers is that are one together, or of one whose calls a breaker guards. */
  readonly replicaStates?: (() => readonly ReplicaState[]) | undefined;
  /** Hears that it offers something else. */
  onChange(listener: () => void): () => void;
  /** Hears that a resource it watches has changed. */
  onTouch(listener: (uri: string) => void): () => void;
  /** Lets running calls finish, at most so long, then closes. */
  retire(graceMs: number): Promise<void>;
  /** Safe to call twice. */
  close(): Promise<void>;
}
