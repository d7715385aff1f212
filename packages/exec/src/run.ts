/** How one program is run. Nothing here is a shell line. */
export interface RunOptions {
  /** Milliseconds until the whole process group is killed. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The child's whole environment; default: `baseEnvironment` of this process's. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** Written to standard input, which is then closed. Without it standard input is empty. */
  readonly input?: string | undefined;
  /** Bytes kept of each of stdout and stderr. Default 4 MiB; the program is killed when it prints more. */
  readonly maxBytes?: number | undefined;
}

/** How a program ended. Failure has the shape of success: look at `ok`. */
export interface RunResult {
  readonly ok: boolean;
  readonly argv: readonly string[];
  /** Exit status; absent when the program did not start or was killed by a signal. */
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it is not ok. */
  readonly failure?: "not-found" | "exit" | "signal" | "timeout" | "aborted" | "output-limit" | undefined;
  readonly durationMs: number;
}

/**
 * Runs `argv` and resolves however it ends; it never rejects. Everything that spawns takes this type as a
 * dependency, so that a test can replay recorded answers.
 */
export type Run = (argv: readonly string[], options?: RunOptions) => Promise<RunResult>;
