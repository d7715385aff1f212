import { type Io, execute, plainColors } from "@parley/cli";
import { createNomadProgram } from "@parley/nomad/program";
import { onTestFinished } from "vitest";

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly url: string;
  readonly stop: () => Promise<Ended>;
}

interface Options {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onErr?: ((text: string) => void) | undefined;
}

/** Runs `parley-nomad` in this process as a shell would see it. */
export async function run(argv: readonly string[], options: Options = {}): Promise<Ended> {
  const { env = {}, signal = new AbortController().signal, onErr } = options;
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
  const code = await execute(createNomadProgram(io), argv, io);
  return { code, out: lines.out.join("\n"), err: lines.err.join("\n") };
}

/** Runs it until the test ends. */
export async function start(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const stop = new AbortController();
  const { promise, resolve, reject } = deferred();
  const ended = run(argv, {
    env,
    signal: stop.signal,
    onErr: (text) => {
      const url = /parley-nomad ready at (?:.*listening on )?([^\s)]+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    },
  });
  void ended.then(({ err }) => reject(new Error(err)));
  const close = async (): Promise<Ended> => {
    stop.abort();
    return await ended;
  };
  onTestFinished(async () => void (await close()));
  return { url: new URL(await promise).origin, stop: close };
}

function deferred() {
  const settle: { resolve?: (url: string) => void; reject?: (error: Error) => void } = {};
  const promise = new Promise<string>((resolve, reject) => Object.assign(settle, { resolve, reject }));
  return {
    promise,
    resolve: (url: string) => settle.resolve?.(url),
    reject: (error: Error) => settle.reject?.(error),
  };
}
