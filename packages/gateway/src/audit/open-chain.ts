import { createHash } from "node:crypto";
import { open, readdir } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ParleyError } from "@parley/core";
import { emptyHead, readLine } from "./chain.ts";
import type { Head } from "./chain.ts";

/** What a torn write left at the end of a file. */
interface Torn {
  readonly bytes: number;
  readonly sha256: string;
}

/** What an audit log does with its file. */
export type AuditFile = Pick<FileHandle, "appendFile" | "close" | "datasync" | "read" | "stat" | "truncate">;

/** Opens a file, as `open` of `node:fs/promises` does. */
export type OpenFile = (path: string, flags: string, mode?: number) => Promise<AuditFile>;

export const openFile: OpenFile = open;

/** A file to append to, and where its chain has come to. */
export interface OpenChain {
  readonly file: AuditFile;
  /** Bytes of whole lines. */
  readonly size: number;
  readonly head: Head;
  /** Absent when the file ended in a whole line. */
  readonly torn?: Torn | undefined;
}

/** A longer last line is none of ours. */
const maxLineBytes = 1_048_576;

/**
 * Opens an audit log for appending. A last line that was cut off, as a killed process leaves it, is taken away; what
 * it was is said in `torn`, to be written down.
 * @throws `E_CONFIG_INVALID` when it cannot be opened, or ends in something that is no line of a chain
 */
export async function openChain(path: string, openTo: OpenFile = openFile): Promise<OpenChain> {
  const file = await openTo(path, "a+", 0o600).catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new ParleyError("E_CONFIG_INVALID", `Audit log ${path}: it cannot be opened (${code}).`, { cause });
  });
  try {
    const { size } = await file.stat();
    if (size === 0) return { file, size, head: await lastOfRotated(path) };
    const { last, whole, rest } = await readTail(file, size);
    const head = last === undefined ? await lastOfRotated(path) : headOf(path, last);
    const line = rest.length > 0 ? readLine(rest.toString("utf8")) : "";
    if (typeof line !== "string" && line.prev === head.hash) {
      // All but the end of the line was written.
      await file.appendFile("\n");
      return { file, size: size + 1, head: { seq: line.seq, hash: line.hash } };
    }
    if (rest.length > 0) await file.truncate(whole);
    return { file, size: whole, head, ...(rest.length === 0 ? {} : { torn: tornOf(rest) }) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Where the chain of a whole file has come to. @throws `E_CONFIG_INVALID` */
function headOf(path: string, last: string): Head {
  const line = readLine(last);
  if (typeof line !== "string") return { seq: line.seq, hash: line.hash };
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `Audit log ${path}: its last line is none of the chain (${line}); see mcpo audit verify ${path}, and move it away to begin anew.`,
  );
}

interface Tail {
  /** The last whole line. */
  readonly last: string | undefined;
  /** Bytes up to the end of it. */
  readonly whole: number;
  /** What follows without an end of line. */
  readonly rest: Buffer;
}

async function readTail(file: AuditFile, size: number): Promise<Tail> {
  const length = Math.min(size, 2 * maxLineBytes);
  const start = size - length;
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
  const end = buffer.lastIndexOf(0x0a);
  const rest = buffer.subarray(end + 1);
  if (end < 0) return { last: undefined, whole: start, rest };
  const before = end === 0 ? -1 : buffer.lastIndexOf(0x0a, end - 1);
  return { last: buffer.subarray(before + 1, end).toString("utf8"), whole: start + end + 1, rest };
}

function tornOf(rest: Buffer): Torn {
  return { bytes: rest.length, sha256: createHash("sha256").update(rest).digest("hex") };
}

/** Files that were moved away when they were full, oldest first. */
async function rotatedFiles(path: string): Promise<readonly string[]> {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix) && /^\d{12}$/.test(name.slice(prefix.length)))
    .toSorted()
    .map((name) => join(folder, name));
}

/** The chain goes on from the file before, also where the process ended between moving it and making the next. */
async function lastOfRotated(path: string): Promise<Head> {
  const last = (await rotatedFiles(path)).at(-1);
  if (last === undefined) return emptyHead;
  const file = await open(last, "r");
  try {
    const { size } = await file.stat();
    const tail = await readTail(file, size);
    return tail.last === undefined ? emptyHead : headOf(last, tail.last);
  } finally {
    await file.close();
  }
}
