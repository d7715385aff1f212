import type { Io } from "@parley/cli";
import type { GatewayDependencies } from "@parley/gateway";
import { findServers } from "./servers.ts";
import type { FoundServers } from "./servers.ts";
import type { Settings } from "./settings.ts";

/** The servers a gateway is for, and what stands between it and them. */
export interface Source {
  readonly found: FoundServers;
  readonly wrapClient?: GatewayDependencies["wrapClient"];
  /** Whether changes of the file are taken up. */
  readonly follows: boolean;
  /** What to say at the start. */
  readonly notices: readonly string[];
  close?(): void;
}

/** Finds the servers of a command line; `say` may be told of later faults. */
export type OpenSource = (
  settings: Settings & { readonly upstream?: readonly string[] | undefined },
  io: Io,
) => Promise<Source>;

/** The servers of a file, or the one after `--`. */
export const configuredSource: OpenSource = async (settings) => ({
  found: await findServers(settings, settings.environment),
  follows: true,
  notices: [],
});
