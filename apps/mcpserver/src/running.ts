import type { Writable } from "node:stream";
import type { Clock, ParleyError } from "@parley/core";
import type { Hub, JoinState, Membership, Worker } from "@parley/fleet";
import type { ServerOptions } from "@parley/server";
import type { MaskedFault } from "@parley/tool-registry";
import type { OwnPart } from "./own-part.ts";
import type { Settings } from "./settings.ts";

/** What a start needs from the program around it. */
export interface StartDependencies {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock | undefined;
  /** The name to serve under, and items to serve that no setting names. */
  readonly own?: OwnPart | undefined;
  /** One line for the operator. */
  readonly notice: (text: string) => void;
  /** Told of faults and, at level info, of requests; default: nobody. */
  readonly logger?: ServerOptions["logger"];
  /** The generated join secret, to be shown once on a terminal. */
  readonly showSecret?: ((secret: string) => void) | undefined;
  /** What the protocol writes to over stdio; default standard output. */
  readonly output?: Writable | undefined;
  readonly onJoin?: ((state: JoinState) => void) | undefined;
  /** An unexpected error whose details were kept from the client (`maskErrorDetails`). */
  readonly onFault?: ((fault: MaskedFault) => void) | undefined;
  /** Reads the settings again, for `--watch`; absent means that only loaded files are read again. */
  readonly reread?: (() => Promise<Settings>) | undefined;
  /** How often watched files are looked at, in milliseconds. Default 500. */
  readonly watchEveryMs?: number | undefined;
}

/** A running `mcpserver start`. */
export interface Running {
  /** Address of the MCP endpoint; absent over stdio. */
  readonly url?: string | undefined;
  /** What clients use in its place, with `--base-url`. */
  readonly publicUrl?: string | undefined;
  readonly hub?: Hub | undefined;
  readonly worker?: Worker | undefined;
  readonly membership?: Membership | undefined;
  /** Settles when standard input closes (stdio) or the hub refuses the worker for good. */
  readonly ended: Promise<ParleyError | undefined>;
  /** Opens the audit log anew under its name, after something has moved it away. */
  reopenLogs(): void;
  /** Leaves the hub, drains, closes the store. Jobs go on. Safe to call twice. */
  close(): Promise<void>;
}
