import { once } from "node:events";
import { AfterTurn, ParleyError } from "@parley/core";
import sonicBoom from "sonic-boom";
import type { Observer } from "../observer.ts";
import { type AuditRecord, recordOfCall, recordOfRequest } from "./audit-record.ts";

/** How {@link auditLog} is called. */
export interface AuditLogOptions {
  /** A file, made with mode 600 when there is none and appended to; a number is an open descriptor such as 1. */
  readonly to: string | number;
  /** Told once when records cannot be written, and once when they can again. */
  readonly notice?: ((text: string) => void) | undefined;
}

// A CommonJS module whose named exports Node does not see.
type Stream = InstanceType<typeof sonicBoom.SonicBoom>;

/** A log of who did what, one JSON object a line. */
export interface AuditLog {
  /** Give it to `createServer` or `serveStdio`. */
  readonly observer: Observer;
  /** Opens the file anew under its name, after something has moved it away. */
  reopen(): void;
  /** Writes what waits, then closes. Safe to call twice. */
  close(): Promise<void>;
}

/** Records kept in memory while the disk does not take them; later ones are dropped. */
const maxWaitingBytes = 8 * 1024 * 1024;
/** A record beyond this loses its arguments: one write takes a whole line. */
const maxLineLength = 12_000;
const closeGraceMs = 2000;

/**
 * Appends to an audit log without making calls wait. Where the disk fails, calls go on and the operator is told.
 * @throws `E_CONFIG_INVALID` when the file cannot be opened
 */
export async function auditLog({ to, notice = () => undefined }: AuditLogOptions): Promise<AuditLog> {
  const stream = new sonicBoom.SonicBoom({
    ...(typeof to === "number" ? { fd: to } : { dest: to }),
    append: true,
    mode: 0o600,
    sync: false,
    maxLength: maxWaitingBytes,
  });
  await ready(stream, to);
  watch(stream, String(to), notice);
  let isIdle = true;
  stream.on("drain", () => {
    isIdle = true;
  });
  let closing: Promise<void> | undefined;
  const write = (record: AuditRecord | undefined): void => {
    if (record === undefined || closing !== undefined) return;
    isIdle = false;
    stream.write(`${lineOf(record)}\n`);
  };
  // Calls first, then the requests they came with, as they ended.
  const later = new AfterTurn<() => AuditRecord | undefined>((record) => write(record()));
  return {
    observer: {
      called: (call) => later.add(() => recordOfCall(call)),
      answered: (request) => later.add(() => recordOfRequest(request)),
    },
    reopen() {
      if (typeof to !== "string" || closing !== undefined) return;
      isIdle = false;
      stream.reopen();
    },
    close() {
      later.flush();
      closing ??= end(stream, isIdle);
      return closing;
    },
  };
}

function lineOf(record: AuditRecord): string {
  const line = JSON.stringify(record);
  return line.length <= maxLineLength ? line : JSON.stringify({ ...record, args: "[cut]" });
}

async function ready(stream: Stream, to: string | number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.once("ready", resolve);
    stream.once("error", reject);
  }).catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new ParleyError("E_CONFIG_INVALID", `Audit log ${to}: it cannot be opened (${code}).`, { cause });
  });
}

function watch(stream: Stream, name: string, notice: (text: string) => void): void {
  let isFailing = false;
  const fail = (why: string): void => {
    if (!isFailing) notice(`Audit log ${name}: records are not written (${why}); calls go on.`);
    isFailing = true;
  };
  stream.on("error", (error: Error & { code?: string }) => fail(error.code ?? error.message));
  stream.on("drop", () => fail("too many wait"));
  stream.on("drain", () => {
    if (isFailing) notice(`Audit log ${name}: records are written again; some may be missing.`);
    isFailing = false;
  });
}

/** A stream that is told to end while it opens its file anew would forget what waits: it finishes that first. */
async function end(stream: Stream, isIdle: boolean): Promise<void> {
  const signal = AbortSignal.timeout(closeGraceMs);
  try {
    if (!isIdle) await once(stream, "drain", { signal });
    const closed = once(stream, "close", { signal });
    stream.end();
    await closed;
  } catch {
    stream.destroy();
  }
}
