import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { newId } from "@parley/core";

/** Who holds a lock, as its file says. */
export interface Owner {
  /** Never used twice. */
  readonly token: string;
  readonly pid: number;
  /** Where `pid` means this process: host, boot and process namespace. */
  readonly realm: string;
  /** When the process started, so that a pid used again is told apart; absent where the system does not say. */
  readonly started?: string | undefined;
}

const orNothing = async (text: Promise<string>): Promise<string> => (await text.catch(() => "")).trim();

/** Field 22 of `/proc/PID/stat`, in clock ticks since boot (proc(5)). */
async function startOf(pid: number): Promise<string | undefined> {
  const line = await orNothing(readFile(`/proc/${pid}/stat`, "utf8"));
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
}

/** This process as an owner of locks. */
export async function thisProcess(): Promise<Omit<Owner, "token">> {
  const boot = await orNothing(readFile("/proc/sys/kernel/random/boot_id", "utf8"));
  const namespace = await orNothing(readlink("/proc/self/ns/pid"));
  return {
    pid: process.pid,
    realm: [hostname(), boot, namespace].join(" "),
    started: await startOf(process.pid),
  };
}

/** A token for one taking of one lock. */
export function newToken(): string {
  return newId("l").slice(2);
}

/** Reads a lock file; a file that says nothing was cut off by a power failure and has no owner. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== "object" || read === null) return undefined;
    const { token, pid, realm, started } = { token: 0, pid: 0, realm: 0, started: undefined, ...read };
    if (typeof token !== "string" || !/^[0-9a-z]{1,32}$/.test(token)) return undefined;
    if (typeof pid !== "number" || pid < 1 || typeof realm !== "string") return undefined;
    return { token, pid, realm, started: typeof started === "string" ? started : undefined };
  } catch {
    return undefined;
  }
}

/** Whether a process of this realm still runs. */
export async function isAlive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  const started = await startOf(owner.pid);
  return started === undefined || owner.started === undefined || started === owner.started;
}
