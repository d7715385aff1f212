import { seededRandom } from "@parley/core";

/** How a command will run. */
export interface Course {
  readonly runSeconds: number;
  readonly exitCode: number;
  readonly timedOut: boolean;
}

const instant = new Set(["true", "false", "echo", "exit", "hostname", "pwd", "date", "uname"]);
const shells = new Set(["sh", "bash", "dash", "zsh"]);

/** The last path component of a program. */
export function programName(command: readonly string[]): string {
  return command[0]?.split("/").at(-1) ?? "";
}

/** Words that say how the command ends: its own, or those of `sh -c "..."`. */
function words(command: readonly string[]): readonly string[] {
  const inShell = shells.has(programName(command)) && command[1] === "-c";
  return inShell ? (command[2] ?? "").trim().split(/\s+/).slice(-2) : command;
}

function naturalExit(command: readonly string[]): number {
  const [first = "", second = ""] = words(command);
  if (first === "exit" && /^\d{1,3}$/.test(second)) return Number(second) % 256;
  return programName(words(command).slice(-1)) === "false" && words(command).length === 1 ? 1 : 0;
}

function naturalSeconds(command: readonly string[], walltimeSeconds: number, tag: string): number {
  const [first = "", second = ""] = words(command);
  if (first.endsWith("sleep") && /^\d{1,9}(\.\d+)?$/.test(second)) return Number(second);
  if (instant.has(programName([first]))) return 1;
  return Math.max(1, Math.round(walltimeSeconds * (0.3 + 0.65 * seededRandom(tag, "run-time")())));
}

/**
 * Settles how a command runs. `false` fails with 1, `exit N` (also as the end of `sh -c`) with N, `sleep N` takes
 * N seconds, `true` and `echo` one; all else takes 30 to 95 % of its walltime and succeeds.
 */
export function settleCourse(command: readonly string[], walltimeSeconds: number, tag: string): Course {
  const seconds = naturalSeconds(command, walltimeSeconds, tag);
  if (seconds > walltimeSeconds) return { runSeconds: walltimeSeconds, exitCode: 143, timedOut: true };
  return { runSeconds: seconds, exitCode: naturalExit(command), timedOut: false };
}
