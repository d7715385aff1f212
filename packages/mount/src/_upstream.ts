import type { McpClient, McpNotification, McpRequestHandlers } from "@parley/mcp-client";
import type { Holding } from "./_holding.ts";

/** What the items of a mount share. */
export interface Upstream {
  readonly name: string;
  readonly client: McpClient;
  readonly holding: Holding;
  /** What the calls that run can be asked. */
  readonly running: Set<McpRequestHandlers>;
  /** Hears what the server tells during a call and that is not for the caller. */
  readonly heard: (notification: McpNotification) => void;
  /** Hears that a call did not reach the server. */
  readonly failed: (error: unknown) => void;
  /** Hears that a URI was read that no list names. */
  readonly read: (uri: string) => void;
}
