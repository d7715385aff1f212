import type { AuditWriter } from "./audit-writer.ts";

type Fields = Readonly<Record<string, unknown>>;

/** How {@link createAuditQueue} is called. */
export interface AuditQueueOptions {
  readonly writer: AuditWriter;
  readonly flushMs: number;
  /** Records kept while the disk takes none; later ones are counted in a line that stands where they would. */
  readonly maxWaiting: number;
  readonly at: () => string;
  readonly notice: (text: string) => void;
  readonly path: string;
}

/** Records on their way to the disk, in order. */
export interface AuditQueue {
  add(record: Fields): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** What stands for records that were dropped. */
type Gap = { readonly at: string; readonly kind: "gap"; dropped: number };

const batchSize = 2000;
const syncMs = 1000;

export function createAuditQueue(options: AuditQueueOptions): AuditQueue {
  const { writer, flushMs, at, notice, path } = options;
  const waiting = createWaiting(options);
  let isFailing = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let syncedAt = performance.now();

  const write = async (): Promise<void> => {
    try {
      while (await waiting.hand((batch) => writer.append(batch)));
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
      waiting.add(record, at);
      schedule(flushMs);
    },
    flush,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await flush();
      if (waiting.size > 0) notice(`Audit log ${path}: ${waiting.size} records are lost.`);
      await writer.sync().catch(() => undefined);
      await writer.close();
    },
  };
}

interface Waiting {
  /** Records not on disk, those that were dropped included. */
  readonly size: number;
  add(record: Fields, at: () => string): void;
  /** Hands the first records to who writes them. @returns false when there are none */
  hand(write: (batch: readonly Fields[]) => Promise<void>): Promise<boolean>;
}

function createWaiting({ maxWaiting }: Pick<AuditQueueOptions, "maxWaiting">): Waiting {
  let records: Fields[] = [];
  let gap: Gap | undefined;
  let handed = 0;
  return {
    get size() {
      return records.reduce((sum, { kind, dropped }) => sum + (kind === "gap" ? Number(dropped) : 1), 0);
    },
    add(record, at) {
      if (records.length < maxWaiting) {
        gap = undefined;
        records.push(record);
      } else if (gap !== undefined && records.length > handed) {
        gap.dropped += 1;
      } else {
        // Also where the gap before is being written and cannot be changed any more.
        gap = { at: at(), kind: "gap", dropped: 1 };
        records.push(gap);
      }
    },
    async hand(write) {
      const batch = records.slice(0, batchSize);
      if (batch.length === 0) return false;
      handed = batch.length;
      try {
        await write(batch);
        records = records.slice(batch.length);
      } finally {
        handed = 0;
      }
      return true;
    },
  };
}
