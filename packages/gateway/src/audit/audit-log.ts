import { AfterTurn, isoTime, systemClock } from "@parley/core";
import type { Clock } from "@parley/core";
import type { Observer } from "@parley/server";
import { lockFile } from "./audit-lock.ts";
import { lineOfCall, lineOfRequest } from "./audit-record.ts";
import type { AuditArguments, GatewayCallRecord } from "./audit-record.ts";
import { createAuditQueue } from "./audit-queue.ts";
import { createAuditWriter } from "./audit-writer.ts";
import type { Head } from "./chain.ts";
import { openChain, openFile } from "./open-chain.ts";
import type { OpenFile } from "./open-chain.ts";

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
  /** Records kept while the disk takes none (default 50,000); later ones are dropped, and counted where they would stand. */
  readonly maxWaiting?: number | undefined;
  /** Told once when records cannot be written, and once when they can again. */
  readonly notice?: ((text: string) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Opens the file to append to (default that of `node:fs/promises`). */
  readonly open?: OpenFile | undefined;
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

/**
 * Opens an audit log. Calls never wait for it: records are chained and written together, a moment later. What a
 * killed process left half written is taken away, and that is written down.
 * @throws `E_CONFIG_INVALID` when the file cannot be opened, is no such log, or another process writes it
 */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { path, clock = systemClock, args = "redacted", open = openFile } = options;
  const { rotateBytes = 67_108_864, flushMs = 20, maxWaiting = 50_000, notice = () => undefined } = options;
  const unlock = await lockFile(path);
  const opened = await openChain(path, open).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  const writer = createAuditWriter({ path, opened, rotateBytes, open });
  const at = (): string => isoTime(clock.now());
  const queue = createAuditQueue({ writer, flushMs, maxWaiting, at, notice, path });
  if (opened.torn !== undefined)
    queue.add({ at: at(), kind: "repair", droppedBytes: opened.torn.bytes, sha256: opened.torn.sha256 });
  queue.add({ at: at(), kind: "open" });
  let closed: Promise<void> | undefined;
  const calls = new AfterTurn<GatewayCallRecord>((call) => queue.add(writable(call, args)));
  const end = async (): Promise<void> => {
    calls.flush();
    queue.add({ at: at(), kind: "close" });
    await queue.close();
    await unlock();
  };
  return {
    called: (call) => calls.add(call),
    observer: {
      answered(request) {
        const line = lineOfRequest(request);
        if (line !== undefined) queue.add(line);
      },
    },
    get head() {
      return writer.head;
    },
    flush() {
      calls.flush();
      return queue.flush();
    },
    close: () => (closed ??= end()),
  };
}

/** The line of a call; without its arguments where they are nothing that can be written down. */
function writable(call: GatewayCallRecord, args: AuditArguments): ReturnType<typeof lineOfCall> {
  try {
    return lineOfCall(call, args);
  } catch {
    return lineOfCall(call, "none");
  }
}
