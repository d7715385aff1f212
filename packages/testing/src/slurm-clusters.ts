import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { baseEnvironment, createRun, which } from "@parley/exec";
import { alphaConfiguration, gammaConfiguration } from "./_slurm-configuration.ts";
import type { SlurmConfiguration } from "./_slurm-configuration.ts";

/** One running cluster. */
export interface SlurmCluster {
  /** Path of its slurm.conf. */
  readonly conf: string;
  /** For its clients: PATH, HOME and the like of this process, and `SLURM_CONF`. */
  readonly environment: Readonly<Record<string, string>>;
}

export type SlurmClusterName = "alpha" | "gamma";

/** Two real clusters on this machine. */
export interface SlurmClusters {
  readonly clusters: Readonly<Record<SlurmClusterName, SlurmCluster>>;
  stopController(name: SlurmClusterName): Promise<void>;
  startController(name: SlurmClusterName): Promise<void>;
  /** Ends daemons and jobs and removes all files. Safe to call twice. */
  close(): Promise<void>;
}

const run = createRun({ timeoutMs: 15_000 });
export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
export const environmentOf = (conf: string): Record<string, string> =>
  baseEnvironment(process.env, { SLURM_CONF: conf, PATH: `${process.env["PATH"] ?? ""}:${systemPath}` });

/** Whether Slurm's daemons and clients are installed and this process may start them. */
export async function slurmAvailable(): Promise<boolean> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const search = `${process.env["PATH"] ?? ""}:${systemPath}`;
  const found = await Promise.all(
    ["slurmctld", "slurmd", "sbatch", "scontrol"].map((name) => which(name, search)),
  );
  return found.every((path) => path !== undefined);
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Processes whose environment names one of the configurations: daemons, job steps, jobs. */
export function processesOf(confs: readonly string[]): number[] {
  return readdirSync("/proc").flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      const variables = readFileSync(`/proc/${entry}/environ`, "utf8").split("\0");
      return confs.some((conf) => variables.includes(`SLURM_CONF=${conf}`)) ? [pid] : [];
    } catch {
      return [];
    }
  });
}

export function kill(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > endsAt) throw new Error(`Slurm: ${what} did not happen within 15 s.`);
    await delay(30);
  }
}

async function command(cluster: SlurmCluster, argv: readonly string[]): Promise<string> {
  const result = await run(argv, { env: cluster.environment });
  if (result.ok) return result.stdout;
  throw new Error(`${argv.join(" ")} failed (${result.failure}): ${result.stderr}${result.stdout}`);
}

/** A controller whose pid file is there may still be on its way up or down. */
async function startController(cluster: SlurmCluster): Promise<void> {
  await command(cluster, ["slurmctld", "-f", cluster.conf]);
  await until("the controller's start", async () => {
    const ping = await run(["scontrol", "ping"], { env: cluster.environment });
    return ping.stdout.includes("is UP");
  });
}

async function stopController(cluster: SlurmCluster, directory: string): Promise<void> {
  const pid = Number(await readFile(join(directory, "run", "slurmctld.pid"), "utf8"));
  kill([pid], "SIGTERM");
  await until("the controller's end", () => Promise.resolve(!processesOf([cluster.conf]).includes(pid)));
}

/** Starts one cluster's daemons in a folder of its own, and waits until its nodes are idle. */
export async function startCluster(
  directory: string,
  configuration: SlurmConfiguration,
): Promise<SlurmCluster> {
  const conf = join(directory, "slurm.conf");
  const cluster: SlurmCluster = { conf, environment: environmentOf(conf) };
  const folders = ["state", "spool", "run", "log", "dev"].map((name) => join(directory, name));
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  await Promise.all([0, 1, 2, 3].map((index) => writeFile(join(directory, "dev", `nvidia${index}`), "")));
  const ports = await freePorts(configuration.ports);
  const text = configuration.slurmConf({ directory, host: hostname().split(".")[0] ?? "localhost", ports });
  await writeFile(conf, text, { mode: 0o644 });
  await writeFile(join(directory, "gres.conf"), configuration.gresConf(directory), { mode: 0o644 });
  await startController(cluster);
  await Promise.all(configuration.nodes.map((node) => command(cluster, ["slurmd", "-f", conf, "-N", node])));
  await until(`${configuration.name} becoming idle`, async () => {
    const lines = (await command(cluster, ["sinfo", "-h", "-N", "-o", "%N %T"])).split("\n");
    return configuration.nodes.every((node) => lines.includes(`${node} idle`));
  });
  for (const argv of configuration.afterwards) await command(cluster, argv);
  return cluster;
}

/**
 * Starts two real Slurm clusters on this machine: `alpha` has three plain nodes of 2 cores; `gamma` has invented
 * hardware: 64-core nodes `cpu1` and `cpu2` (drained), `gpu1` and `gpu2` with four h100 each, `dead1` that never
 * answers, and the partitions `batch` (default), `gpu` and `old` (DOWN, with cpu1). Loopback only, `auth/none`,
 * everything in one temporary directory. All that runs with their `SLURM_CONF` ends on close and on process exit.
 */
export async function startSlurmClusters(): Promise<SlurmClusters> {
  const directory = await mkdtemp(join(tmpdir(), "parley-slurm-"));
  const inside = (name: SlurmClusterName): string => join(directory, name);
  const confs = (["alpha", "gamma"] as const).map((name) => join(inside(name), "slurm.conf"));
  const killAll = (): void => kill(processesOf(confs), "SIGKILL");
  const onExit = (): void => {
    killAll();
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", onExit);
  const close = async (): Promise<void> => {
    process.off("exit", onExit);
    await until("the end of all processes", () => {
      killAll();
      return Promise.resolve(processesOf(confs).length === 0);
    });
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const [alpha, gamma] = await Promise.all([
      startCluster(inside("alpha"), alphaConfiguration),
      startCluster(inside("gamma"), gammaConfiguration),
    ]);
    const clusters = { alpha, gamma };
    return {
      clusters,
      stopController: (name) => stopController(clusters[name], inside(name)),
      startController: (name) => startController(clusters[name]),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
