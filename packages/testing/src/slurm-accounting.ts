import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRun, which } from "@parley/exec";
import { alphaConfiguration } from "./_slurm-configuration.ts";
import type { SlurmConfiguration } from "./_slurm-configuration.ts";
import {
  environmentOf,
  freePorts,
  kill,
  processesOf,
  slurmAvailable,
  startCluster,
  systemPath,
  until,
} from "./slurm-clusters.ts";
import type { SlurmCluster } from "./slurm-clusters.ts";

/** A real cluster that keeps accounts. */
export interface AccountedCluster {
  readonly cluster: SlurmCluster;
  /** Ends daemons, database and jobs and removes all files. Safe to call twice. */
  close(): Promise<void>;
}

const run = createRun({ timeoutMs: 30_000 });

/** Whether Slurm, its accounting daemon and MariaDB are installed and this process may start them. */
export async function slurmAccountingAvailable(): Promise<boolean> {
  if (!(await slurmAvailable())) return false;
  const search = `${process.env["PATH"] ?? ""}:${systemPath}`;
  const programs = ["slurmdbd", "mariadbd", "mariadb-install-db", "sacct"];
  const found = await Promise.all(programs.map((name) => which(name, search)));
  return found.every((path) => path !== undefined);
}

/** Starts three plain nodes of 2 cores whose jobs are recorded by a slurmdbd of their own. Loopback only. */
export async function startAccountedCluster(): Promise<AccountedCluster> {
  const directory = await mkdtemp(join(tmpdir(), "parley-slurmdbd-"));
  const conf = join(directory, "slurm.conf");
  const killAll = (): void => kill(processesOf([conf]), "SIGKILL");
  const onExit = (): void => {
    killAll();
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", onExit);
  const close = async (): Promise<void> => {
    process.off("exit", onExit);
    await until("the end of all processes", () => {
      killAll();
      return Promise.resolve(processesOf([conf]).length === 0);
    });
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const [database = 0, daemon = 0] = await freePorts(2);
    await startDatabase(directory, { port: database, env: environmentOf(conf) });
    await startDaemon(directory, { port: daemon, database, env: environmentOf(conf) });
    return { cluster: await startCluster(directory, accounted(daemon)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Place {
  readonly port: number;
  /** Names the cluster's configuration, by which its processes are found and ended. */
  readonly env: Readonly<Record<string, string>>;
}

/** A database that listens on loopback and trusts this machine's root alone. */
async function startDatabase(directory: string, { port, env }: Place): Promise<void> {
  const data = join(directory, "database");
  await mustRun(
    ["mariadb-install-db", "--no-defaults", `--datadir=${data}`, "--user=root", ...quietInstall],
    env,
  );
  const settings = [
    `--datadir=${data}`,
    `--socket=${join(directory, "database.sock")}`,
    `--pid-file=${join(directory, "database.pid")}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    "--user=root",
  ];
  // It has no daemon mode of its own; it ends with `close`.
  void run(["mariadbd", "--no-defaults", ...settings], { env, timeoutMs: 600_000 });
  await until("the database's start", () => listens(port));
}

const quietInstall = ["--auth-root-authentication-method=normal", "--skip-test-db"];

async function startDaemon(
  directory: string,
  { port, database, env }: Place & { readonly database: number },
): Promise<void> {
  await mkdir(join(directory, "run"), { recursive: true });
  const text = `AuthType=auth/none
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort=${port}
SlurmUser=root
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=${database}
StorageUser=root
StorageLoc=slurm_acct_db
PidFile=${directory}/run/slurmdbd.pid
LogFile=${directory}/slurmdbd.log
`;
  // The daemon refuses a file that others may read.
  await writeFile(join(directory, "slurmdbd.conf"), text, { mode: 0o600 });
  await mustRun(["slurmdbd"], env);
  await until("the accounting daemon's start", () => listens(port));
}

function accounted(port: number): SlurmConfiguration {
  return {
    ...alphaConfiguration,
    slurmConf: (place) =>
      alphaConfiguration
        .slurmConf(place)
        .replace(
          "AccountingStorageType=accounting_storage/none",
          [
            "AccountingStorageType=accounting_storage/slurmdbd",
            "AccountingStorageHost=127.0.0.1",
            `AccountingStoragePort=${port}`,
          ].join("\n"),
        ),
  };
}

async function mustRun(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const result = await run(argv, { env });
  if (!result.ok) throw new Error(`${argv.join(" ")} failed: ${result.stderr}${result.stdout}`);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
