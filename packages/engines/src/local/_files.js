// JavaScript, so that Node 20 runs the runner from the sources as well as from the build.
import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";

/**
 * Writes JSON to a file that must not exist yet: whole and synced, or not at all.
 * @param {string} path
 * @param {unknown} value
 * @returns {boolean} false when the file exists already
 */
export function writeExclusive(path, value) {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeSync(file, `${JSON.stringify(value)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
}

/**
 * Tells a process from a later one with the same pid: boot id and start time, see proc(5).
 * Where there is no /proc the answer is `unknown` for every live process.
 * @param {number} pid
 * @returns {string | undefined} undefined when the process is gone or a zombie
 */
export function processIdentity(pid) {
  if (!existsSync("/proc/self/stat")) return isAlive(pid) ? "unknown" : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Signals a process group; a group that is gone is no error.
 * @param {number} leader
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(leader, signal) {
  // kill(2) takes -1 for everybody.
  if (!Number.isSafeInteger(leader) || leader <= 1) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // ESRCH: nobody is left.
  }
}
