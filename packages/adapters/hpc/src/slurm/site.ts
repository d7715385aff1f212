import { ParleyError } from "@parley/core";
import { type Slurm, createSlurm } from "@parley/engines/slurm";
import { baseEnvironment } from "@parley/exec";
import { join } from "node:path";
import type { Call } from "../call.ts";

/** The folder for scripts and output of submitted jobs. @throws `E_CONFIG_INVALID` */
export function stateDirOf({ options, env }: Call): string {
  const home = env["HOME"];
  const found =
    options.stateDir ??
    env["HPC_STATE_DIR"] ??
    (home === undefined ? undefined : join(home, ".local", "state", "parley-hpc"));
  if (found?.startsWith("/") === true) return found;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `${found === undefined ? "No" : "No absolute"} folder for the output of jobs: set HPC_STATE_DIR to one the compute nodes see.`,
  );
}

/** The Slurm of this machine; kept between calls, so that two submissions of one key become one job. */
export function slurmOf(call: Call): Slurm {
  const { options, env, kept, timeoutMs } = call;
  const stateDir = stateDirOf(call);
  const environment = baseEnvironment(env, {
    SLURM_CONF: env["SLURM_CONF"],
    SLURM_CLUSTERS: env["SLURM_CLUSTERS"],
  });
  const key = `slurm ${JSON.stringify([stateDir, environment])}`;
  const found = kept.get(key);
  if (isSlurm(found)) return found;
  const { slurmCommands: commands, loginEnvironment } = options;
  const made = createSlurm({
    run: call.run,
    environment,
    stateDir,
    commands,
    loginEnvironment,
    timeoutMs,
    now: () => call.now(),
  });
  kept.set(key, made);
  return made;
}

function isSlurm(value: unknown): value is Slurm {
  return typeof value === "object" && value !== null && "engine" in value && "queue" in value;
}
