import { setMaxListeners } from "node:events";
import { execute, plainColors } from "@parley/cli";
import type { Io } from "@parley/cli";
import type { Dependencies } from "../src/dependencies.ts";
import { createProgram } from "../src/program.ts";
import type { createSecretaryProgram } from "../src/secretary/program.ts";
import type { FakeHub } from "./_fake-hub.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions extends Dependencies {
  readonly hub?: FakeHub | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly outClosed?: AbortSignal | undefined;
  readonly program?: typeof createProgram | typeof createSecretaryProgram | undefined;
}

/** Runs a command line with nothing of the process but what the test gives. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const {
    hub,
    env = {},
    signal = new AbortController().signal,
    program = createProgram,
    outClosed,
    ...rest
  } = options;
  setMaxListeners(0, signal);
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    env,
    interactive: false,
    outClosed,
    width: 120,
    colors: plainColors,
    signal,
  };
  const dependencies = { pollMs: 1, terminal: false, connect: hub?.connect, ...rest };
  const code = await execute(program(io, dependencies), argv, io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}
