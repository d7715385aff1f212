import type { GatewayServer } from "../config/gateway-config.ts";
import type { UpstreamStatus } from "./upstream.ts";

/** How a server is before anything was heard of it. */
export function firstStatus({ connection }: GatewayServer, since: number): UpstreamStatus {
  if (connection.kind !== "stdio") return { state: "connecting", since };
  const reason = `${connection.command} was started and has not answered yet; the first time it may be downloaded.`;
  return { state: "installing", reason, since };
}

/** Whether nothing was heard of a server so far. */
export function isFirst({ state }: UpstreamStatus): boolean {
  return state === "installing" || state === "connecting";
}
