import type { Server } from "node:net";
import { Server as TlsServer } from "node:tls";
import { type Clock, type ParleyError, systemClock, toParleyError } from "@parley/core";
import { checkTls, readTls, type Tls, type TlsFiles, type TlsText } from "./tls.ts";

/** How {@link watchTls} looks and whom it tells. */
export interface TlsWatch {
  readonly files: TlsFiles;
  /** What the server started with. */
  readonly current: Tls;
  /** Time between two looks at the files; default 5000. */
  readonly intervalMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** New connections use what was read; open ones go on as they are. */
  readonly onReload?: ((tls: Tls) => void) | undefined;
  /** The files cannot be used; the server keeps what it has. Told once for each state of the files. */
  readonly onFault?: ((error: ParleyError) => void) | undefined;
}

/** Keeps a server's certificate up to date with its files. */
export interface TlsWatcher {
  /** Looks now; what the timer does. */
  check(): Promise<void>;
  close(): void;
}

/**
 * Reads the files again and again, so that editors, renamed files and swapped links of mounted secrets all count.
 * Files that do not fit each other may be half replaced: they are a fault only when the next look finds the same.
 */
export function watchTls(server: Server, options: TlsWatch): TlsWatcher {
  const { files, current, clock = systemClock, intervalMs = 5000 } = options;
  let used = fingerprint(current.text);
  let faulty: string | undefined;
  let reported: string | undefined;
  let looking: Promise<void> | undefined;

  const failed = (state: string, thrown: unknown): void => {
    if (faulty === state && reported !== state) {
      reported = state;
      options.onFault?.(toParleyError(thrown));
    }
    faulty = state;
  };
  const look = async (): Promise<void> => {
    const text = await readTls(files).catch((error: unknown) => failed(toParleyError(error).message, error));
    if (text === undefined) return;
    const found = fingerprint(text);
    if (found === used) {
      faulty = reported = undefined;
      return;
    }
    try {
      const tls = checkTls(files, text, clock);
      if (server instanceof TlsServer) server.setSecureContext(tls.https);
      used = found;
      faulty = reported = undefined;
      options.onReload?.(tls);
    } catch (error) {
      failed(found, error);
    }
  };
  const check = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const timer = setInterval(() => void check(), intervalMs).unref();
  return { check, close: () => clearInterval(timer) };
}

function fingerprint({ key, cert, ca }: TlsText): string {
  return JSON.stringify([key, cert, ca ?? null]);
}
