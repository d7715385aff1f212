import type { ServerState } from "../status.ts";
import type { UpstreamCallRecord } from "./upstream-call.ts";

/** Where gauges read how the gateway is. */
export interface MeterSource {
  readonly servers: () => readonly ServerState[];
  /** Open sessions of 2025-era clients. */
  readonly sessions: () => number;
  readonly reconnects: (server: string) => number;
}

/** One answered request, as far as it is counted. */
interface MeteredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  /** Whether there is such a route: what a stranger makes up gets no label. */
  readonly isKnown: boolean;
}

/** What a gateway counts; made by `createGatewayMetrics` of `@parley/gateway/metrics`. */
export interface GatewayMeters {
  called(call: UpstreamCallRecord): void;
  answered(request: MeteredRequest): void;
  /** The gateway binds itself. */
  bind(source: MeterSource): void;
}
