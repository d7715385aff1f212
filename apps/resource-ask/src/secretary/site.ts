import { tmpdir, hostname } from "node:os";
import { join } from "node:path";
import { workerIdPattern } from "@parley/core";
import type { Io } from "@parley/cli";
import type { Site } from "@parley/providers";

/** Which site is opened. */
export interface SiteChoice {
  /** Id of a simulated site; absent for this machine. */
  readonly simulated?: string | undefined;
  readonly archetype?: "hpc" | "cloud" | "standalone" | undefined;
  readonly localAllow: readonly string[];
}

/** Opens the site the command looks at. Nothing is submitted and nothing written. */
export async function openSite(choice: SiteChoice, io: Pick<Io, "env" | "signal">): Promise<Site> {
  if (choice.simulated !== undefined) {
    const { createSimulatedSite } = await import("@parley/simulation");
    return createSimulatedSite({ workerId: choice.simulated, archetype: choice.archetype });
  }
  const { openHostSite } = await import("@parley/providers");
  const host = hostname();
  const workerId = workerIdPattern.test(host) ? host : "this-machine";
  // Only submissions use the directory, and none are made here.
  const stateDir = join(tmpdir(), "resource-secretary");
  return openHostSite({ workerId, env: io.env, stateDir, localAllow: choice.localAllow, signal: io.signal });
}
