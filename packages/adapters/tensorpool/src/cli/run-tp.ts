import { type Run, baseEnvironment } from "@parley/exec";
import type { RunResult } from "@parley/exec";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGuard } from "./guard.ts";
import type { GuardRecord } from "./guard-record.ts";
import type { BackendCall } from "../backend.ts";
import type { Fetch } from "../options.ts";
import { type Settings, requireKey } from "../settings.ts";

/** What running `tp` takes. */
export interface TpHost {
  readonly settings: Settings;
  /** Absolute path of the program. */
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  readonly fetch?: Fetch | undefined;
  newId(): string;
}

/** One run of `tp`. */
export interface TpRun {
  argv(file: (name: string) => string): readonly string[];
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Default the scratch folder. */
  readonly cwd?: string | undefined;
  readonly timeoutMs: number;
  /** Called before the scratch folder goes. */
  readonly collect?: ((scratch: string) => Promise<void>) | undefined;
}

/** How it ended. */
export interface TpEnd {
  readonly result: RunResult;
  readonly record: GuardRecord;
}

const maxOutputBytes = 2 ** 20;

/**
 * Runs `tp` in a scratch folder of its own behind a guard: it gets PATH, HOME, a token instead of the key and the
 * guard's address instead of the engine's, and nothing else of this process's environment.
 */
export async function runTp(host: TpHost, task: TpRun, call: BackendCall): Promise<TpEnd> {
  const { settings } = host;
  const token = host.newId();
  const key = requireKey(settings);
  const guard = await startGuard({ ...settings, ...call, key, token, fetch: host.fetch });
  try {
    const env = tpEnvironment(host.env, { TENSORPOOL_KEY: token, TENSORPOOL_ENGINE: guard.url });
    const result = await runInScratch({ host, env, call }, task);
    return { result: hideGuard(result, guard.url, settings.engine), record: guard.record };
  } finally {
    await guard.close();
  }
}

interface Surroundings {
  readonly host: TpHost;
  readonly env: Readonly<Record<string, string>>;
  readonly call: BackendCall;
}

async function runInScratch({ host, env, call }: Surroundings, task: TpRun): Promise<RunResult> {
  const scratch = await mkdtemp(join(tmpdir(), "parley-tp-"));
  try {
    const file = (name: string): string => join(scratch, name);
    for (const [name, content] of Object.entries(task.files ?? {})) {
      await writeFile(file(name), content, { mode: 0o600 });
    }
    const result = await host.run([host.program, "--no-input", ...task.argv(file)], {
      cwd: task.cwd ?? scratch,
      env,
      timeoutMs: task.timeoutMs,
      signal: call.signal,
      maxBytes: maxOutputBytes,
    });
    await task.collect?.(scratch);
    return result;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The environment of `tp`. A wide terminal keeps the usage of its help on one line. */
export function tpEnvironment(
  source: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  // Without NETRC, Python's requests would let ~/.netrc replace the token.
  return baseEnvironment(source, { LC_ALL: "C.UTF-8", COLUMNS: "200", NETRC: "/dev/null", ...extra });
}

/** `tp me` prints the address of an engine that is not the usual one. */
function hideGuard(result: RunResult, url: string, engine: string): RunResult {
  return {
    ...result,
    stdout: result.stdout.replaceAll(url, engine),
    stderr: result.stderr.replaceAll(url, engine),
  };
}
