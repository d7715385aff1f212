import { join } from "node:path";
import type { Policy, Prices } from "@parley/core";
import type { Engine } from "@parley/engines";
import { createRun, which } from "@parley/exec";
import type { Run } from "@parley/exec";
import { createProviderContext } from "./context.ts";
import { defaultProviders, detectHostScope } from "./defaults.ts";
import { discoverSite } from "./discover-site.ts";
import type { Site } from "./site.ts";

/** How {@link openHostSite} is called. */
export interface HostSiteOptions {
  readonly workerId: string;
  /** The environment schedulers and inventories are looked up in; a job gets a few of its variables only. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute directory for what engines remember and jobs print; each engine takes a folder of its own. */
  readonly stateDir: string;
  /** Programs that jobs on this machine itself may run; none by default, and then there are no such jobs. */
  readonly localAllow?: readonly string[] | undefined;
  /** Cores of this machine that jobs may use; default all. */
  readonly localCores?: number | undefined;
  readonly prices?: Prices | undefined;
  readonly policy?: Policy | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens the site this machine belongs to: its own hardware and software, and the schedulers whose commands it has. */
export async function openHostSite(options: HostSiteOptions): Promise<Site> {
  const { workerId, env, prices, policy, signal } = options;
  const run = createRun();
  const engines = await openEngines(options, run);
  const hostScope = await detectHostScope(engines, { signal });
  const providers = defaultProviders(createProviderContext({ env, run }), { hostScope });
  return discoverSite({ workerId, providers, engines, prices, policy, signal });
}

async function openEngines(options: HostSiteOptions, run: Run): Promise<readonly Engine[]> {
  const { env, stateDir, localAllow = [] } = options;
  const path = env["PATH"] ?? "";
  const engines: Engine[] = [];
  if (await which("sbatch", path)) {
    const { createSlurmEngine } = await import("@parley/engines/slurm");
    const environment = { ...environmentFor(env, "SLURM_CONF"), LC_ALL: "C" };
    engines.push(createSlurmEngine({ run, environment, stateDir: join(stateDir, "slurm") }));
  }
  if (await which("flux", path)) {
    const { createFluxEngine } = await import("@parley/engines/flux");
    const environment = { ...environmentFor(env, "FLUX_URI"), LC_ALL: "C" };
    engines.push(createFluxEngine({ run, environment, stateDir: join(stateDir, "flux") }));
  }
  if (localAllow.length > 0) {
    const { createLocalEngine } = await import("@parley/engines/local");
    const environment = environmentFor(env, "LANG", "LC_ALL");
    const cores = options.localCores;
    engines.push(
      createLocalEngine({ stateDir: join(stateDir, "local"), allow: localAllow, cores, environment }),
    );
  }
  return engines;
}

/** What a scheduler's commands and this machine's jobs need of the environment, and nothing more. */
function environmentFor(env: HostSiteOptions["env"], ...names: readonly string[]): Record<string, string> {
  const wanted = ["PATH", "HOME", "USER", "LOGNAME", "TZ", ...names];
  const found = wanted.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return Object.fromEntries(found);
}
