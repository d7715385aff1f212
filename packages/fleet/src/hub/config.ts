import type { Clock } from "@parley/core";
import type { Database } from "@parley/databases";
import type { CaSource, IdentitySource } from "@parley/mcp-client";
import type { Registry } from "@parley/tool-registry";
import type { HubModel } from "./choice.ts";
import type { WorkerLink } from "../wire/link.ts";

/** How the hub asks many workers at once. */
export type FanOutMode =
  | { readonly kind: "parallel" }
  | { readonly kind: "serial" }
  | { readonly kind: "batched"; readonly size: number };

export interface HubConfig {
  /** What a worker must present to register. At least 4 characters. */
  readonly secret: string;
  /** Default parallel. */
  readonly fanOut?: FanOutMode | undefined;
  /** Milliseconds one worker has to answer a question. Default 10 000. */
  readonly askTimeoutMs?: number | undefined;
  /** Milliseconds a worker has to confirm a submission. Default 60 000. */
  readonly submitTimeoutMs?: number | undefined;
  /** Milliseconds after which a submission that its site never confirmed is given up. Default 15 minutes. */
  readonly placeWithinMs?: number | undefined;
  /** Days a negotiation is kept. Default 7. */
  readonly negotiationDays?: number | undefined;
  /** Seconds between heartbeats. Default 10; a worker is offline after three missed ones. */
  readonly heartbeatSeconds?: number | undefined;
  /** Milliseconds between looks at a running job. Default 1000, slowing to 15 s as it ages. */
  readonly pollMs?: number | undefined;
  /** Host names a worker's URL may have; default any. */
  readonly workerHosts?: readonly string[] | undefined;
}

/** A worker's address and the credential it gave. */
export interface LinkTarget {
  readonly id: string;
  readonly url: string;
  readonly credential: string | undefined;
}

export interface HubDependencies {
  readonly registry: Registry;
  readonly database: Database;
  readonly clock?: Clock | undefined;
  /** Opens the connection to a worker; default an MCP client over HTTP. */
  readonly connect?: ((target: LinkTarget) => WorkerLink) | undefined;
  /** Reads a worker's `/health`, to see that it is who it says; default an HTTP GET. */
  readonly readHealth?: ((url: string, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** Certificate authorities (PEM) for workers behind https, beside the well-known ones. */
  readonly ca?: CaSource | undefined;
  /** Certificate shown to workers that ask for one. */
  readonly identity?: IdentitySource | undefined;
  /** Who ranks offers for `agentic`; default nobody, and that strategy is refused. */
  readonly model?: HubModel | undefined;
}

/** The settings of a hub with every default filled in. */
export interface HubSettings {
  readonly secret: string;
  readonly fanOut: FanOutMode;
  readonly askTimeoutMs: number;
  readonly submitTimeoutMs: number;
  readonly placeWithinMs: number;
  readonly negotiationMs: number;
  readonly heartbeatMs: number;
  readonly pollMs: number;
  readonly workerHosts: readonly string[] | undefined;
}

export function settle(config: HubConfig): HubSettings {
  return {
    secret: config.secret,
    fanOut: config.fanOut ?? { kind: "parallel" },
    askTimeoutMs: config.askTimeoutMs ?? 10_000,
    submitTimeoutMs: config.submitTimeoutMs ?? 60_000,
    placeWithinMs: config.placeWithinMs ?? 15 * 60_000,
    negotiationMs: (config.negotiationDays ?? 7) * 86_400_000,
    heartbeatMs: (config.heartbeatSeconds ?? 10) * 1000,
    pollMs: config.pollMs ?? 1000,
    workerHosts: config.workerHosts,
  };
}
