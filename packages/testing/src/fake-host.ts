import type { RunOptions, RunResult } from "@parley/exec";
import type { Machine, ProviderContext } from "@parley/providers";

/** What a program of a {@link fakeHost} answers; absent fields are empty and 0. */
export interface FakeAnswer {
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  readonly exitCode?: number | undefined;
  /** Never ends by itself: only a time-out or an abort ends it. */
  readonly hangs?: boolean | undefined;
}

export interface FakeHostOptions {
  /** Text files by absolute path; their directories exist too. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Directories that are empty or have only directories. */
  readonly directories?: readonly string[] | undefined;
  /** Answers by command line, words joined by a blank and the program without its directory; text is stdout. */
  readonly commands?: Readonly<Record<string, string | FakeAnswer>> | undefined;
  /** Executables beside those of `commands`, by absolute path or as a name in `/usr/bin`. */
  readonly executables?: readonly string[] | undefined;
  /** Default: PATH is `/usr/bin`. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly machine?: Partial<Machine> | undefined;
  /** Milliseconds since the epoch. Default: always 2026-01-01T00:00:00Z. */
  readonly now?: (() => number) | undefined;
}

/** A machine in memory, and the commands that were run on it. */
export interface FakeHost extends ProviderContext {
  readonly calls: readonly (readonly string[])[];
  readonly runOptions: readonly RunOptions[];
}

const bareMachine: Machine = {
  arch: "x86_64",
  platform: "linux",
  logicalCores: 4,
  totalMemoryBytes: 8 * 2 ** 30,
  freeMemoryBytes: 2 ** 30,
  loadAverage: [0, 0, 0],
  userId: 1000,
};

/** A machine that has exactly what it is told, for tests of providers. */
export function fakeHost(options: FakeHostOptions = {}): FakeHost {
  const { files = {}, commands = {}, env = { PATH: "/usr/bin" } } = options;
  const calls: (readonly string[])[] = [];
  const runOptions: RunOptions[] = [];
  const tree = buildTree([...Object.keys(files), ...(options.directories ?? []).map((path) => `${path}/`)]);
  const programs = new Set(
    [...Object.keys(commands).map((line) => line.split(" ")[0] ?? ""), ...(options.executables ?? [])].map(
      (name) => (name.startsWith("/") ? name : `/usr/bin/${name}`),
    ),
  );
  return {
    calls,
    runOptions,
    env,
    readText: async (path) => files[path],
    list: async (path) => tree.get(path),
    isExecutable: async (path) => programs.has(path),
    machine: () => ({ ...bareMachine, ...options.machine }),
    now: options.now ?? (() => Date.UTC(2026, 0, 1)),
    async run(argv, runOption = {}) {
      calls.push(argv);
      runOptions.push(runOption);
      const program = argv[0]?.split("/").at(-1) ?? "";
      const line = [program, ...argv.slice(1)].join(" ");
      const answer = commands[line] ?? commands[argv.join(" ")] ?? unknownCommand(line);
      return typeof answer === "string" ? finish(argv, { stdout: answer }) : settle(argv, answer, runOption);
    },
  };
}

function unknownCommand(line: string): FakeAnswer {
  return { exitCode: 64, stderr: `fakeHost has no answer for: ${line}` };
}

/** Names by directory; a path that ends in a slash is a directory itself. */
function buildTree(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const tree = new Map<string, string[]>();
  for (const path of paths) {
    const parts = path.split("/").filter((part) => part !== "");
    const depth = path.endsWith("/") ? parts.length : parts.length - 1;
    for (let level = 0; level <= depth; level += 1) {
      const directory = `/${parts.slice(0, level).join("/")}`;
      const names = tree.get(directory) ?? [];
      const child = parts[level];
      if (child !== undefined && !names.includes(child)) names.push(child);
      tree.set(directory, names);
    }
  }
  return tree;
}

async function settle(argv: readonly string[], answer: FakeAnswer, options: RunOptions): Promise<RunResult> {
  if (options.signal?.aborted === true) return finish(argv, answer, "aborted");
  if (answer.hangs !== true) return finish(argv, answer);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(finish(argv, answer, "timeout")), options.timeoutMs ?? 10_000);
    const stop = (): void => {
      clearTimeout(timer);
      resolve(finish(argv, answer, "aborted"));
    };
    options.signal?.addEventListener("abort", stop, { once: true });
  });
}

function finish(
  argv: readonly string[],
  { stdout = "", stderr = "", exitCode = 0 }: FakeAnswer,
  cut?: "timeout" | "aborted",
): RunResult {
  const failure = cut ?? (exitCode === 0 ? undefined : exitCode === 127 ? "not-found" : "exit");
  return {
    ok: failure === undefined,
    argv,
    stdout,
    stderr,
    exitCode: cut === undefined ? exitCode : undefined,
    failure,
    durationMs: 1,
  };
}
