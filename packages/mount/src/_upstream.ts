import type { McpClient, McpNotification } from "@parley/mcp-client";
import type { Holding } from "./_holding.ts";
import type { Lanes } from "./_lanes.ts";
import type { Visits } from "./_visits.ts";

/** What the items of a mount share. */
export interface Upstream {
  readonly name: string;
  /** The client of the connection that all share. */
  readonly client: McpClient;
  readonly lanes: Lanes;
  readonly holding: Holding;
  readonly visits: Visits;
  /** Hears what the server tells during a call and that is not for the caller. */
  readonly heard: (notification: McpNotification) => void;
  /** Hears that a URI was read that no list names. */
  readonly read: (uri: string) => void;
}
