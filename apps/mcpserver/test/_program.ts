import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute, plainColors } from "@parley/cli";
import type { Io } from "@parley/cli";
import { createProgram } from "@parley/mcpserver/program";
import type { Command } from "commander";
import { onTestFinished } from "vitest";

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly build?: ((io: Io) => Command) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of each line on standard error as it comes. */
  readonly onErr?: ((text: string) => void) | undefined;
}

/** Runs a command line in this process as a shell would see it. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { env = {}, build = createProgram, signal = new AbortController().signal, onErr } = options;
  const lines: { out: string[]; err: string[] } = { out: [], err: [] };
  const io: Io = {
    out: (text) => lines.out.push(text),
    err: (text) => {
      lines.err.push(text);
      onErr?.(text);
    },
    env: { HOME: "/home/u", ...env },
    interactive: false,
    width: 100,
    colors: plainColors,
    signal,
  };
  const code = await execute(build(io), argv, io);
  return { code, out: lines.out.join("\n"), err: lines.err.join("\n") };
}

/** A file that is gone after the test. */
export async function file(name: string, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-mcpserver-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}
