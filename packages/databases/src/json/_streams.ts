import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isoTime } from "@parley/core";
import type { Clock } from "@parley/core";
import type { Appended, StreamEntry } from "../database.ts";
import { pageSize, startAfter } from "../_arguments.ts";
import { corrupt } from "../_values.ts";
import { errorCode, makeFolder, onFile, syncFolder } from "./_files.ts";
import type { Locks } from "./_lock.ts";
import { encodeName } from "./_names.ts";
import type { Tail } from "./_stream-file.ts";
import { findTail, formatEntry, linesFrom, parseEntry } from "./_stream-file.ts";

/** A bookmark is kept every so many entries, so that reading on does not start at the beginning. */
const bookmarkEvery = 128;

interface StreamsOptions {
  readonly folder: string;
  readonly locks: Locks;
  readonly clock: Clock;
}

/** Streams as files of one JSON line per entry. */
export interface Streams {
  append(stream: string, text: string): Promise<Appended>;
  read(
    stream: string,
    options: { readonly after?: number | undefined; readonly limit?: number | undefined },
  ): Promise<readonly StreamEntry[]>;
}

interface Known {
  tail: Tail;
  readonly bookmarks: Tail[];
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, "r");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function writeLine(handle: FileHandle, line: string, tail: Tail): Promise<void> {
  const bytes = Buffer.from(line);
  try {
    for (let written = 0; written < bytes.length;) {
      const rest = bytes.length - written;
      written += (await handle.write(bytes, written, rest, tail.size + written)).bytesWritten;
    }
    await handle.sync();
  } catch (error) {
    await handle.truncate(tail.size).catch(() => {});
    throw error;
  }
}

/** Opens the streams under a folder. */
export function openStreams({ folder, locks, clock }: StreamsOptions): Streams {
  const known = new Map<string, Known>();
  const fileOf = (stream: string): string => join(folder, `${encodeName(stream)}.ndjson`);
  const knownOf = (file: string): Known => {
    const entry = known.get(file) ?? { tail: { size: 0, seq: 0 }, bookmarks: [] };
    known.set(file, entry);
    return entry;
  };

  /** The file only grows by whole lines, so an end where we left it is still the end of our own line. */
  const tailOf = async (handle: FileHandle, file: string): Promise<Tail> => {
    const { size } = await handle.stat();
    const remembered = knownOf(file).tail;
    if (size === remembered.size) return remembered;
    const tail = await findTail(handle, file);
    if (tail.size < size) await handle.truncate(tail.size);
    return tail;
  };

  const append = async (file: string, text: string, assertHeld: () => void): Promise<Appended> => {
    const handle = await open(file, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const tail = await tailOf(handle, file);
      const seq = tail.seq + 1;
      const at = isoTime(clock.now());
      const line = formatEntry({ seq, at }, text);
      assertHeld();
      await writeLine(handle, line, tail);
      if (tail.size === 0) await syncFolder(dirname(file));
      knownOf(file).tail = { size: tail.size + Buffer.byteLength(line), seq };
      return { seq, at };
    } finally {
      await handle.close();
    }
  };

  const readFrom = async (handle: FileHandle, file: string, want: { after: number; limit: number }) => {
    const { bookmarks } = knownOf(file);
    const from = bookmarks.findLast((mark) => mark.seq <= want.after) ?? { size: 0, seq: 0 };
    const entries: StreamEntry[] = [];
    let last = from.seq;
    for await (const { line, start, end } of linesFrom(handle, file, from.size)) {
      const entry = parseEntry(line, `${file} at byte ${start}`);
      if (entry.seq <= last) throw corrupt(`${file} at byte ${start}`, { details: { file } });
      last = entry.seq;
      if (last > (bookmarks.at(-1)?.seq ?? 0) && last % bookmarkEvery === 0)
        bookmarks.push({ seq: last, size: end });
      if (last > want.after) entries.push(entry);
      if (entries.length >= want.limit) break;
    }
    return entries;
  };

  return {
    async append(stream, text) {
      const file = fileOf(stream);
      return await onFile(file, async () => {
        await makeFolder(folder);
        const lock = `${file.slice(0, -".ndjson".length)}.lock`;
        return await locks.hold(lock, (assertHeld) => append(file, text, assertHeld));
      });
    },
    async read(stream, options) {
      const want = { after: startAfter(options.after), limit: pageSize(options.limit) };
      const file = fileOf(stream);
      return await onFile(file, async () => {
        const handle = await openIfThere(file);
        if (!handle) return [];
        try {
          return await readFrom(handle, file, want);
        } finally {
          await handle.close();
        }
      });
    },
  };
}
