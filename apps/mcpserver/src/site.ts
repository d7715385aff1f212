import type { Clock } from "@parley/core";
import type { Site } from "@parley/providers";
import type { Settings } from "./settings.ts";

/** Opens the site a worker speaks for: a simulated one, or this machine with whatever schedulers it can reach. */
export async function openSite(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<Site> {
  const { siteId: workerId, archetypeWanted, stateDirectory: stateDir } = settings;
  if (archetypeWanted !== undefined) {
    const { createSimulatedSite } = await import("@parley/simulation");
    const archetype = archetypeWanted === "any" ? undefined : archetypeWanted;
    return createSimulatedSite({ workerId, archetype, clock });
  }
  const { openHostSite } = await import("@parley/providers");
  const { localAllow, localCores, prices, policy } = settings;
  return openHostSite({ workerId, env, stateDir, localAllow, localCores, prices, policy });
}
