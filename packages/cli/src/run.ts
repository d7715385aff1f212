import { setMaxListeners } from "node:events";
import type { Command } from "commander";
import { CommanderError } from "commander";
import { ExitCode, ParleyError, toParleyError } from "@parley/core/errors";
import { keepCompiled } from "./compile-cache.ts";
import { ExitWith } from "./exit-with.ts";
import { processIo } from "./io.ts";
import type { Io } from "./io.ts";
import { tame, usageError } from "./usage.ts";

/**
 * Runs a command line to its exit code: usage faults end with 2, Parley's errors with their own code, an
 * interrupt with 130. Errors are one sentence on standard error, or one JSON object when `--json` was given.
 */
export async function runProgram(build: (io: Io) => Command, argv: readonly string[]): Promise<void> {
  keepCompiled({ env: process.env });
  const stop = new AbortController();
  // A fan-out listens once for each site or probe.
  setMaxListeners(0, stop.signal);
  let interrupts = 0;
  const interrupt = (signal: NodeJS.Signals): void => {
    interrupts += 1;
    stop.abort(new ParleyError("E_INTERRUPTED", "Interrupted.", { details: { signal } }));
    if (interrupts > 1) process.exit(ExitCode.interrupted);
  };
  let handleHangUp: (() => void) | undefined;
  const hangUp = (): void => (handleHangUp ? handleHangUp() : interrupt("SIGHUP"));
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  process.on("SIGHUP", hangUp);
  const closed = new AbortController();
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    closed.abort();
  });
  // `2>&1 | head` closes both; what is left to say has no reader.
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const io: Io = {
    ...processIo(stop.signal, closed.signal),
    onHangUp(handle) {
      handleHangUp = handle;
      return () => {
        handleHangUp = undefined;
      };
    },
  };
  try {
    process.exitCode = await execute(build(io), argv, io);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    process.off("SIGHUP", hangUp);
  }
}

/** Parses and runs, and says what went wrong; the part of {@link runProgram} that tests can call. */
export async function execute(program: Command, argv: readonly string[], io: Io): Promise<number> {
  let said = "";
  tame(program, io, (text) => {
    said += text;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return ExitCode.ok;
  } catch (thrown) {
    if (ExitWith.isInstance(thrown)) return thrown.code;
    if (!(thrown instanceof CommanderError)) return failed(thrown, argv, io);
    if (thrown.exitCode === 0) return ExitCode.ok;
    if (thrown.code !== "commander.help") return failed(usageError(thrown, program), argv, io);
    // A group of commands that was given none: its help is the answer.
    io.out(said.trimEnd());
    return ExitCode.ok;
  }
}

function failed(thrown: unknown, argv: readonly string[], io: Io): number {
  const interrupted = io.signal.aborted && !ParleyError.isInstance(thrown);
  const error = interrupted ? new ParleyError("E_INTERRUPTED", "Interrupted.") : toParleyError(thrown);
  report(error, argv, io);
  return error.exitCode;
}

function report(error: ParleyError, argv: readonly string[], io: Io): void {
  if (argv.includes("--json")) io.err(JSON.stringify({ error: error.toJSON() }));
  else io.err(`${io.colors.red("error:")} ${error.message}`);
  if ((io.env["PARLEY_DEBUG"] ?? "") !== "" && error.stack) io.err(error.stack);
}
