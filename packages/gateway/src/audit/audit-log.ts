import { isoTime, systemClock } from "@parley/core";
import type { Clock } from "@parley/core";
import type { Observer } from "@parley/server";
import { lockFile } from "./audit-lock.ts";
import { lineOfCall, lineOfRequest } from "./audit-record.ts";
import type { AuditArguments, GatewayCallRecord } from "./audit-record.ts";
import { createAuditWriter } from "./audit-writer.ts";
import type { AuditWriter } from "./audit-writer.ts";
import type { Head } from "./chain.ts";
import { openChain } from "./open-chain.ts";

/** Hears of each call behind the gateway. It must return at once and not throw. */
export interface CallSink {
  called(call: GatewayCallRecord): void;
}

/** How {@link openAudit} is called. */
export interface AuditOptions {
  /** Made with mode 600 when there is none, and appended to. */
  readonly path: string;
  /** Default `redacted`. */
  readonly args?: AuditArguments | undefined;
  /** Bytes at which the file is moved away (default 64 MiB). */
  readonly rotateBytes?: number | undefined;
  /** Time records may wait to be written together (default 20). */
  readonly flushMs?: number | undefined;
  /** Told once when records cannot be written, and once when they can again. */
  readonly notice?: ((text: string) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** An audit log whose lines are chained by hashes: none can be changed, taken out or put in unseen. */
export interface Audit extends CallSink {
  /** Of requests that were refused before they became calls; for the gateway's observers. */
  readonly observer: Observer;
  /** The last line on disk: kept elsewhere, it proves what came before. */
  readonly head: Head;
  /** Writes what waits. */
  flush(): Promise<void>;
  /** Writes what waits, and lets others write the file. Safe to call twice. */
  close(): Promise<void>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Records kept while the disk takes none; later ones are dropped and counted. */
const maxWaiting = 50_000;
const batchSize = 2000;
const syncMs = 1000;

/**
 * Opens an audit log. Calls never wait for it: records are chained and written together, a moment later. What a
 * killed process left half written is taken away, and that is written down.
 * @throws `E_CONFIG_INVALID` when the file cannot be opened, is no such log, or another process writes it
 */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { path, clock = systemClock, args = "redacted", rotateBytes = 67_108_864, flushMs = 20 } = options;
  const unlock = await lockFile(path);
  const opened = await openChain(path).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  const writer = createAuditWriter({ path, opened, rotateBytes });
  const at = (): string => isoTime(clock.now());
  const queue = createQueue({ writer, flushMs, at, notice: options.notice ?? (() => undefined), path });
  if (opened.torn !== undefined)
    queue.add({ at: at(), kind: "repair", droppedBytes: opened.torn.bytes, sha256: opened.torn.sha256 });
  queue.add({ at: at(), kind: "open" });
  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    queue.add({ at: at(), kind: "close" });
    await queue.close();
    await unlock();
  };
  return {
    called: (call) => queue.add(lineOfCall(call, args)),
    observer: {
      answered(request) {
        const line = lineOfRequest(request);
        if (line !== undefined) queue.add(line);
      },
    },
    get head() {
      return writer.head;
    },
    flush: () => queue.flush(),
    close: () => (closed ??= end()),
  };
}

interface QueueOptions {
  readonly writer: AuditWriter;
  readonly flushMs: number;
  readonly at: () => string;
  readonly notice: (text: string) => void;
  readonly path: string;
}

interface Queue {
  add(record: Fields): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

function createQueue({ writer, flushMs, at, notice, path }: QueueOptions): Queue {
  let waiting: Fields[] = [];
  let dropped = 0;
  let isFailing = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let syncedAt = performance.now();

  const writeSome = async (): Promise<boolean> => {
    const batch = waiting.slice(0, batchSize);
    const lost = dropped;
    if (batch.length === 0 && lost === 0) return false;
    await writer.append(lost > 0 ? [...batch, { at: at(), kind: "gap", dropped: lost }] : batch);
    waiting = waiting.slice(batch.length);
    dropped -= lost;
    return true;
  };
  const write = async (): Promise<void> => {
    try {
      while (await writeSome());
      if (performance.now() - syncedAt > syncMs) {
        syncedAt = performance.now();
        await writer.sync();
      }
      if (isFailing) notice(`Audit log ${path}: records are written again.`);
      isFailing = false;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      if (!isFailing) notice(`Audit log ${path}: records are not written (${code}); calls go on.`);
      isFailing = true;
      schedule(syncMs);
    }
  };
  const flush = (): Promise<void> => (running = running.then(write));
  const schedule = (afterMs: number): void => {
    if (timer !== undefined || isClosed) return;
    timer = setTimeout(() => {
      timer = undefined;
      void flush();
    }, afterMs);
    timer.unref();
  };
  return {
    add(record) {
      if (isClosed) return;
      if (waiting.length >= maxWaiting) dropped += 1;
      else waiting.push(record);
      schedule(flushMs);
    },
    flush,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await flush();
      await writer.sync().catch(() => undefined);
      await writer.close();
    },
  };
}
