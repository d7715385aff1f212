import { rename } from "node:fs/promises";
import { chainLine } from "./chain.ts";
import type { Head } from "./chain.ts";
import type { AuditFile, OpenChain, OpenFile } from "./open-chain.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Appends chained lines to a file, which is moved away when it is full. One batch at a time. */
export interface AuditWriter {
  readonly head: Head;
  /** @throws what the disk says; nothing of the batch counts as written then, and it may be given again */
  append(records: readonly Fields[]): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface AuditWriterOptions {
  readonly path: string;
  readonly opened: OpenChain;
  /** A file that has so many bytes is moved away. */
  readonly rotateBytes: number;
  readonly open: OpenFile;
}

export function createAuditWriter({ path, opened, rotateBytes, open }: AuditWriterOptions): AuditWriter {
  const held: { file: AuditFile; size: number; head: Head; isTorn: boolean } = {
    file: opened.file,
    size: opened.size,
    head: opened.head,
    isTorn: false,
  };
  // A part of a batch must not stand before what comes next.
  const mend = async (): Promise<void> => {
    await held.file.truncate(held.size);
    held.isTorn = false;
  };
  const rotate = async (): Promise<void> => {
    await held.file.datasync();
    // Numbered by its last line, so that files sort as they were written.
    const full = `${path}.${String(held.head.seq).padStart(12, "0")}`;
    await rename(path, full);
    const next = await open(path, "a", 0o600).catch(async (error: unknown) => {
      await rename(full, path);
      throw error;
    });
    await held.file.close();
    Object.assign(held, { file: next, size: 0 });
  };
  return {
    get head() {
      return held.head;
    },
    async append(records) {
      if (held.isTorn) await mend();
      if (held.size >= rotateBytes) await rotate();
      let head = held.head;
      let text = "";
      for (const record of records) {
        const next = chainLine(head, record);
        text += `${next.line}\n`;
        head = next.head;
      }
      const bytes = Buffer.from(text);
      try {
        await held.file.appendFile(bytes);
      } catch (error) {
        held.isTorn = true;
        await mend().catch(() => undefined);
        throw error;
      }
      held.size += bytes.length;
      held.head = head;
    },
    sync: () => held.file.datasync(),
    close: () => held.file.close(),
  };
}
