import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Run, RunResult } from "@parley/exec";

/** What one program printed, and how it ended. */
export interface Recording {
  /** An argument array, or its words joined by single spaces. */
  readonly argv: readonly string[] | string;
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  /** Default 0. */
  readonly exitCode?: number | undefined;
  /** For ends that have no exit status; overrides `exitCode`. */
  readonly failure?: RunResult["failure"];
}

/** A {@link Run} that answers from recordings and remembers what it was asked. */
export type ReplayRun = Run & { readonly calls: readonly (readonly string[])[] };

export interface ReplayOptions {
  /**
   * What a program without a recording does: `throw` (the default) fails the caller, `not-found` behaves as a
   * program that is not installed, a function answers.
   */
  readonly onUnknown?:
    | "throw"
    | "not-found"
    | ((argv: readonly string[]) => Omit<Recording, "argv">)
    | undefined;
}

const keyOf = (argv: Recording["argv"]): string => (typeof argv === "string" ? argv : argv.join(" "));

function toResult(argv: readonly string[], recording: Omit<Recording, "argv">): RunResult {
  const { stdout = "", stderr = "", exitCode = 0 } = recording;
  const failure = recording.failure ?? (exitCode === 0 ? undefined : "exit");
  const ended = recording.failure === undefined || recording.failure === "exit";
  return {
    ok: failure === undefined,
    argv,
    stdout,
    stderr,
    durationMs: 1,
    ...(ended ? { exitCode } : {}),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** Answers each program from its recording; of several for one argument array the last counts. */
export function replayRun(recordings: Iterable<Recording>, options: ReplayOptions = {}): ReplayRun {
  const { onUnknown = "throw" } = options;
  const known = new Map([...recordings].map((recording) => [keyOf(recording.argv), recording]));
  const calls: (readonly string[])[] = [];
  const run: Run = (argv, { signal } = {}) => {
    calls.push(argv);
    if (signal?.aborted === true) return Promise.resolve(toResult(argv, { failure: "aborted" }));
    const recording = known.get(keyOf(argv));
    if (recording !== undefined) return Promise.resolve(toResult(argv, recording));
    if (onUnknown === "not-found") return Promise.resolve(toResult(argv, { failure: "not-found" }));
    if (onUnknown !== "throw") return Promise.resolve(toResult(argv, onUnknown(argv)));
    return Promise.reject(
      new Error(`Nothing is recorded for: ${keyOf(argv)}\nRecorded:\n${[...known.keys()].join("\n")}`),
    );
  };
  return Object.assign(run, { calls });
}

/**
 * Loads recordings listed in an index whose lines are `STATUS  FILE  :: COMMAND`. A leading `env NAME=VALUE` of a
 * command is dropped; standard error is in `FILE.err`.
 * @param folder - only files of that folder of the index.
 */
export function loadRecordings(directory: string, folder: string, index = "INDEX.txt"): Recording[] {
  return readFileSync(join(directory, index), "utf8")
    .split("\n")
    .flatMap((line): Recording[] => {
      const [, status, file, command] = /^(\d+)\s+(\S+)\s+:: (.+)$/.exec(line) ?? [];
      if (file === undefined || command === undefined || !file.startsWith(`${folder}/`)) return [];
      const path = join(directory, file);
      if (!existsSync(path)) return [];
      const errorPath = `${path}.err`;
      return [
        {
          argv: command.replace(/^env (?:\w+=\S+ )+/, ""),
          stdout: readFileSync(path, "utf8"),
          stderr: existsSync(errorPath) ? readFileSync(errorPath, "utf8") : "",
          exitCode: Number(status),
        },
      ];
    });
}
