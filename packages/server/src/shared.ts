import type { Registry } from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import type { Calls } from "./calls.ts";
import type { Identity } from "./identity.ts";
import type { Lists } from "./lists.ts";
import type { StateSeal } from "./request-state.ts";
import type { TaskCalls } from "./tasks.ts";

/** What all protocol servers of one process share; a server per request costs the same with 1 tool or 1,000. */
export interface Shared {
  readonly identity: Identity;
  readonly registry: Registry;
  readonly lists: () => Lists;
  readonly calls: Calls;
  readonly seal: StateSeal;
  /** Calls that may become tasks. */
  readonly tasks: TaskCalls;
  /** Who calls where the transport carries no credential. */
  readonly caller: Caller;
}
