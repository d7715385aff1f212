// Sees one job through on its own, whatever becomes of the worker: `node runner.js JOB_DIRECTORY`.
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { processIdentity, signalGroup, writeExclusive } from "./_files.js";

const killAfterMs = 5000;
const drainMs = 1000;
const maxTimerMs = 2 ** 31 - 1;

const folder = process.argv[2] ?? "";
/** @type {import("./_record.ts").JobRecord} */
const job = JSON.parse(readFileSync(join(folder, "job.json"), "utf8"));
const now = () => new Date().toISOString();

/** @type {"walltime exceeded" | "the runner was told to end" | undefined} */
let stopReason;
/** @type {number | undefined} */
let leader;

/** @param {NonNullable<typeof stopReason>} reason */
function stop(reason) {
  if (stopReason !== undefined) return;
  stopReason = reason;
  const group = leader;
  if (group === undefined) return;
  signalGroup(group, "SIGTERM");
  setTimeout(() => signalGroup(group, "SIGKILL"), killAfterMs).unref();
}

/** @param {Omit<import("./_record.ts").EndRecord, "finishedAt">} end */
function finish(end) {
  writeExclusive(join(folder, "exit.json"), { ...end, finishedAt: now() });
  process.exit(0);
}

/**
 * @param {number | null} exitCode
 * @param {NodeJS.Signals | null} signal
 */
function finishAfter(exitCode, signal) {
  if (stopReason === "the runner was told to end" && existsSync(join(folder, "cancel.json"))) {
    finish({ state: "CANCELED" });
  }
  const status = exitCode === null ? {} : { exitCode };
  if (stopReason !== undefined) finish({ state: "FAILED", reason: stopReason, ...status });
  if (exitCode === 0) finish({ state: "COMPLETED", exitCode });
  finish({
    state: "FAILED",
    reason: exitCode === null ? `ended by ${signal ?? "a signal"}` : `ended with status ${exitCode}`,
    ...status,
  });
}

/**
 * Copies a stream to a file up to the limit and reads on past it, so that the job never blocks.
 * @param {import("node:stream").Readable} stream
 * @param {string} name
 */
function keep(stream, name) {
  const file = openSync(join(folder, name), "a", 0o600);
  let room = job.maxOutputBytes;
  stream.on("data", (/** @type {Buffer} */ chunk) => {
    if (room < 0) return;
    if (chunk.length <= room) {
      room -= chunk.length;
      writeAll(file, chunk);
      return;
    }
    writeAll(file, chunk.subarray(0, room));
    writeAll(file, Buffer.from(`\n[output past ${job.maxOutputBytes} bytes was not kept]\n`));
    room = -1;
  });
  stream.on("close", () => closeSync(file));
}

/**
 * @param {number} file
 * @param {Buffer} bytes
 */
function writeAll(file, bytes) {
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
  } catch {
    // A full disk costs output, not the job.
  }
}

/** @param {number} deadline */
function watchWalltime(deadline) {
  const left = deadline - performance.now();
  if (left <= 0) stop("walltime exceeded");
  else setTimeout(() => watchWalltime(deadline), Math.min(left, maxTimerMs)).unref();
}

function start() {
  const child = spawn(job.program, job.spec.command.slice(1), {
    cwd: job.directory,
    env: job.environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.on("error", (error) => {
    if (child.pid === undefined)
      finish({ state: "FAILED", reason: `could not be started: ${error.message}` });
  });
  const { pid } = child;
  if (pid === undefined) return;
  leader = pid;
  writeExclusive(join(folder, "child.json"), { pid, identity: processIdentity(pid) ?? "gone" });
  keep(child.stdout, "stdout");
  keep(child.stderr, "stderr");
  watchWalltime(performance.now() + job.walltimeSeconds * 1000);
  child.once("exit", (exitCode, signal) => {
    signalGroup(pid, "SIGKILL");
    child.once("close", () => finishAfter(exitCode, signal));
    // A descendant that left the group may hold the pipes open.
    setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, drainMs);
  });
}

process.on("SIGTERM", () => stop("the runner was told to end"));
process.on("SIGINT", () => stop("the runner was told to end"));
process.on("SIGHUP", () => {});

// Whoever writes begin.json decides: another runner, or a cancellation, may have been first.
const begin = {
  action: "start",
  pid: process.pid,
  identity: processIdentity(process.pid) ?? "unknown",
  at: now(),
};
if (writeExclusive(join(folder, "begin.json"), begin)) {
  try {
    if (existsSync(join(folder, "cancel.json"))) finish({ state: "CANCELED" });
    start();
  } catch (error) {
    if (leader !== undefined) signalGroup(leader, "SIGKILL");
    finish({
      state: "FAILED",
      reason: `could not be started: ${error instanceof Error ? error.message : "unknown"}`,
    });
  }
}
