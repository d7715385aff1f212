import type { ChildProcess, SpawnOptions } from "node:child_process";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const startMs = 20_000;
/** PostgreSQL refuses to run as root: `nobody` has this number on every Linux. */
const nobody = 65_534;

/** A database server of this benchmark alone, reached through a socket in its own folder. */
export interface Server {
  readonly socketPath: string;
  stop(): Promise<void>;
}

/** Debian keeps PostgreSQL's programs off the PATH. */
async function postgresFolders(): Promise<string[]> {
  const debian = "/usr/lib/postgresql";
  const versions = await readdir(debian).catch(() => []);
  return versions.map((version) => join(debian, version, "bin"));
}

async function find(...names: readonly string[]): Promise<string | undefined> {
  const folders = [...(await postgresFolders()), ...(process.env["PATH"] ?? "").split(delimiter)];
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Waits until a server's socket is there; a server that ends before is an error. */
async function untilReady(child: ChildProcess, socketPath: string): Promise<void> {
  const deadline = performance.now() + startMs;
  while (!existsSync(socketPath)) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${child.spawnfile} did not start.`);
    }
    await sleep(50);
  }
}

const patienceMs = 5000;

const stopper = (child: ChildProcess) => async (): Promise<void> => {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  // PostgreSQL waits for its clients to leave, whose pools are closing; SIGINT does not wait.
  const timer = setTimeout(() => child.kill("SIGINT"), patienceMs);
  await once(child, "exit");
  clearTimeout(timer);
};

/** PostgreSQL with the settings it comes with: every commit has reached the disk. `undefined` where it is not installed. */
export async function startPostgres(directory: string): Promise<Server | undefined> {
  const [initdb, postgres] = [await find("initdb"), await find("postgres")];
  if (initdb === undefined || postgres === undefined) return undefined;
  const home = join(directory, "pg");
  await mkdir(home);
  const asNobody: SpawnOptions = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if (asNobody.uid !== undefined) {
    await chmod(directory, 0o711);
    await chown(home, nobody, nobody);
  }
  const data = join(home, "data");
  const flags = ["-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  await promisify(execFile)(initdb, flags, { ...asNobody, cwd: home, timeout: 60_000 });
  const settings = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${home}`];
  const child = spawn(postgres, ["-D", data, ...settings], { ...asNobody, cwd: home, stdio: "ignore" });
  await untilReady(child, join(home, ".s.PGSQL.5432"));
  return { socketPath: home, stop: stopper(child) };
}

/** Redis or Valkey that answers once its log has reached the disk. `undefined` where neither is installed. */
export async function startRedis(directory: string): Promise<Server | undefined> {
  const program = await find("valkey-server", "redis-server");
  if (program === undefined) return undefined;
  const socketPath = join(directory, "redis.sock");
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const place = ["--port", "0", "--unixsocket", socketPath, "--dir", directory];
  const child = spawn(program, [...place, ...durable], { cwd: directory, stdio: "ignore" });
  await untilReady(child, socketPath);
  return { socketPath, stop: stopper(child) };
}
