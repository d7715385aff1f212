import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute, plainColors } from "@parley/cli";
import type { Io } from "@parley/cli";
import { createProgram, splitArguments } from "@parley/proxy";
import { onTestFinished, vi } from "vitest";

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  /** Where it listens, once it does. */
  readonly url: Promise<string>;
  readonly ended: Promise<Ended>;
  err(): string;
  hangUp(): void;
  stop(): void;
}

/** Starts a command line in this process as a shell would see it; it ends with the test. */
export function runs(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const lines: { out: string[]; err: string[] } = { out: [], err: [] };
  const stop = new AbortController();
  let hangUp = (): void => undefined;
  const io: Io = {
    out: (text) => lines.out.push(text),
    err: (text) => lines.err.push(text),
    env: { HOME: tmpdir(), PATH: process.env["PATH"], ...env },
    interactive: false,
    width: 100,
    colors: plainColors,
    signal: stop.signal,
    onHangUp(handle) {
      hangUp = handle;
      return () => undefined;
    },
  };
  const { own, upstream } = splitArguments(argv);
  const ended = execute(createProgram(io, { upstream }), own, io).then((code) => ({
    code,
    out: lines.out.join("\n"),
    err: lines.err.join("\n"),
  }));
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  const url = vi.waitFor(
    () => {
      const found = / at (https?:\/\/[\d.]+:\d+)/.exec(lines.err.join("\n"))?.[1];
      if (found === undefined) throw new Error(lines.err.join("\n"));
      return found;
    },
    { timeout: 60_000, interval: 10 },
  );
  url.catch(() => undefined);
  return { url, ended, err: () => lines.err.join("\n"), hangUp: () => hangUp(), stop: () => stop.abort() };
}

export const run = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runs(argv, env).ended;

/** A file that is gone after the test. */
export async function file(name: string, content: unknown): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-proxy-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content, undefined, 2));
  return path;
}

/** A program over stdio with tools that go wrong. */
const rawServer = fileURLToPath(
  new URL("../../../packages/gateway/test/fixtures/raw-server.mjs", import.meta.url),
);

export const raw = { command: process.execPath, args: [rawServer] };
export const afterDashes = ["--", process.execPath, rawServer];

export async function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}
