import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const loader = new URL("../../../node_modules/tsx/dist/esm/index.mjs", import.meta.url).href;
const mcpserver = "apps/mcpserver/src/cli.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Child {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stderr(): string;
  stdout(): string;
  /** Writes to its standard input; `undefined` closes it. */
  send(text: string | undefined): void;
  signal(name: NodeJS.Signals): void;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
}

interface ChildOptions {
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Arguments of node that run `mcpserver` from source. */
export const fromSource = ["--conditions=@parley/source", "--import", loader, join(root, mcpserver)] as const;

/** Arguments of node that run a program: in CI, where all is built, as users have it; elsewhere from source. */
function programArgs(script: string): readonly string[] {
  if (process.env["PARLEY_CI"] !== "1") return ["--conditions=@parley/source", "--import", loader, script];
  const built = join(root, script.replace("/src/", "/dist/").replace(/\.ts$/, ""));
  // Command lines that were made to start fast are CommonJS.
  return [existsSync(`${built}.cjs`) ? `${built}.cjs` : `${built}.js`];
}

/** Runs a command line of this workspace as a process of its own. */
export function runChild(args: readonly string[], options: ChildOptions = {}): Child {
  const argv = [...programArgs(options.script ?? mcpserver), ...args];
  const child = spawn(process.execPath, argv, {
    cwd: root,
    env: { PATH: process.env["PATH"], NO_COLOR: "1", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  child.stdin.on("error", () => undefined);
  if (options.input !== undefined) child.stdin.end(options.input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...output }));
  });
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  onTestFinished(kill);
  return {
    pid: child.pid ?? 0,
    ended,
    stderr: () => output.stderr,
    stdout: () => output.stdout,
    send: (text) => void (text === undefined ? child.stdin.end() : child.stdin.write(text)),
    signal: (name) => void child.kill(name),
    kill,
  };
}

/** Runs a command line to its end. */
export function runToEnd(args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  return runChild(args, { input: "", ...options }).ended;
}

export interface ServerProcess extends Child {
  readonly url: string;
  readonly base: string;
}

/** Starts a server process and waits until it says where it listens. */
export async function spawnServer(
  args: readonly string[],
  options: ChildOptions = {},
): Promise<ServerProcess> {
  const child = runChild(["start", ...args], options);
  const endsAt = Date.now() + 60_000;
  for (;;) {
    const url = /ready at (\S+)/.exec(child.stderr())?.[1];
    if (url !== undefined) return { ...child, url, base: url.replace(/\/mcp$/, "") };
    const early = await Promise.race([
      child.ended,
      new Promise<undefined>((go) => setTimeout(() => go(undefined), 25)),
    ]);
    if (early) throw new Error(`It ended with ${early.code}: ${early.stderr}`);
    if (Date.now() > endsAt) throw new Error(`It did not start: ${child.stderr()}`);
  }
}
