import pc from "picocolors";

/** What a command may touch of its process; all of it replaceable in tests. */
export interface Io {
  /** Data for the reader or the next program. */
  out(text: string): void;
  /** Waits until the reader of {@link Io.out} has taken what was written; at once when it has gone. */
  drained?(): Promise<void>;
  /** Aborted when the reader of {@link Io.out} goes away, as `head -1` does. */
  readonly outClosed?: AbortSignal | undefined;
  /** Everything else: progress, notices, errors. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person watches standard error. */
  readonly interactive: boolean;
  readonly width: number;
  readonly colors: Colors;
  /** Aborted on SIGINT, SIGTERM and, unless {@link Io.onHangUp} says otherwise, SIGHUP. */
  readonly signal: AbortSignal;
  /** Gives SIGHUP the meaning it has for services, instead of an interrupt; what it returns takes that back. */
  onHangUp?(handle: () => void): () => void;
  /** Ends the process in two seconds if by then a timer or socket that somebody left behind still holds it. */
  endSoon?(): void;
}

export type Colors = ReturnType<typeof pc.createColors>;

/** Colors that leave text as it is, for output that is captured. */
export const plainColors: Colors = pc.createColors(false);

/** The process as an {@link Io}. NO_COLOR and `--json` output stay plain (https://no-color.org). */
export function processIo(signal: AbortSignal, outClosed?: AbortSignal): Io {
  const { stdout, stderr, env } = process;
  const wanted = (env["FORCE_COLOR"] ?? "") !== "" || (stdout.isTTY && env["TERM"] !== "dumb");
  return {
    out: (text) => void stdout.write(`${text}\n`),
    drained: async () => {
      if (stdout.writableNeedDrain && outClosed?.aborted !== true) await takenFrom(stdout);
    },
    outClosed,
    err: (text) => void stderr.write(`${text}\n`),
    env,
    interactive: stderr.isTTY,
    width: stdout.columns ?? 100,
    colors: pc.createColors(wanted && (env["NO_COLOR"] ?? "") === ""),
    signal,
    endSoon: () => void setTimeout(() => process.exit(), lingerMs).unref(),
  };
}

const lingerMs = 2000;

function takenFrom(stdout: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ["drain", "close", "error"]) stdout.off(event, done);
      resolve();
    };
    for (const event of ["drain", "close", "error"]) stdout.on(event, done);
  });
}

/**
 * Says on standard error what is going on once it takes longer than two seconds: a line that renews itself for
 * a person, one line for a log.
 */
export function startProgress(io: Io, first: string): { update(text: string): void; stop(): void } {
  let text = first;
  let shown = false;
  const show = (): void => {
    if (io.interactive) process.stderr.write(`\r\u001B[2K${text}`);
    else if (!shown) io.err(text);
    shown = true;
  };
  const delay = setTimeout(show, 2000);
  delay.unref();
  return {
    update(next) {
      text = next;
      if (shown && io.interactive) show();
    },
    stop() {
      clearTimeout(delay);
      if (shown && io.interactive) process.stderr.write("\r\u001B[2K");
    },
  };
}
