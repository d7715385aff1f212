import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { ParleyError } from "@parley/core";
import { genesis, readLine } from "./chain.ts";
import type { ChainLine, Head } from "./chain.ts";

/** Records that were never written. */
export interface AuditGap {
  /** Number of the line that says so. */
  readonly seq: number;
  readonly at: string;
  readonly dropped: number;
}

/** What a look through an audit log came to. */
export interface AuditVerdict {
  readonly ok: boolean;
  readonly lines: number;
  /** The first line's number; a chain that begins later goes on from `after`. */
  readonly first?: number | undefined;
  /** Hash that the first line names as the one before it. */
  readonly after?: string | undefined;
  readonly head?: Head | undefined;
  /** Where records are missing because the disk took none, the first hundred; lines that say so are part of the chain. */
  readonly gaps: readonly AuditGap[];
  /** Whether an anchor that was given was met. */
  readonly anchored?: boolean | undefined;
  readonly broken?: { readonly file: string; readonly line: number; readonly why: string } | undefined;
}

/**
 * Checks every line of the files of one chain, in the order in which they were written whatever the order they are
 * named in. A last line without its end is not broken: it is what a process leaves that was killed, and its next start
 * writes that down.
 * @param anchor - a head that was kept elsewhere, which must be in the chain
 * @throws `E_CONFIG_INVALID` for a file that cannot be read
 */
export async function verifyAudit(files: readonly string[], anchor?: Head): Promise<AuditVerdict> {
  const ordered = await inOrder(files);
  const state: State = { lines: 0, gaps: [], anchored: false };
  for (const file of ordered) {
    let number = 0;
    for await (const text of linesOf(file)) {
      number += 1;
      const line = readLine(text);
      const why = typeof line === "string" ? line : breakOf(line, state.head);
      if (typeof line === "string" || why !== undefined) {
        return { ok: false, ...known(state), broken: { file, line: number, why: why ?? "it is no line" } };
      }
      state.first ??= line.seq;
      state.after ??= line.prev;
      state.head = { seq: line.seq, hash: line.hash };
      state.lines += 1;
      if (line.record["kind"] === "gap" && state.gaps.length < maxGaps) state.gaps.push(gapOf(line));
      if (anchor?.seq === line.seq && anchor.hash === line.hash) state.anchored = true;
    }
  }
  const isAnchored = anchor === undefined || state.anchored;
  return { ok: isAnchored, ...known(state), ...(anchor === undefined ? {} : { anchored: state.anchored }) };
}

const maxGaps = 100;
const isoLike = /^[\dT:.Z-]{1,30}$/;

interface State {
  lines: number;
  first?: number;
  after?: string;
  head?: Head;
  readonly gaps: AuditGap[];
  anchored: boolean;
}

function known({ lines, first, after, head, gaps }: State) {
  return { lines, first, after, head, gaps };
}

function gapOf({ seq, record: { at, dropped } }: ChainLine): AuditGap {
  return {
    seq,
    at: typeof at === "string" && isoLike.test(at) ? at : "",
    dropped: typeof dropped === "number" ? dropped : 0,
  };
}

function breakOf(
  { seq, prev }: { readonly seq: number; readonly prev: string },
  head: Head | undefined,
): string | undefined {
  if (head === undefined) {
    return seq === 1 && prev !== genesis ? "it is the first line and names one before it" : undefined;
  }
  if (seq !== head.seq + 1) return `its number is ${seq} where ${head.seq + 1} follows`;
  return prev === head.hash ? undefined : "it follows on another line than the one before it";
}

/** By the number of their first line. */
async function inOrder(files: readonly string[]): Promise<readonly string[]> {
  const firsts = await Promise.all(files.map(async (file) => ({ file, seq: await firstSeq(file) })));
  return firsts.toSorted((left, right) => left.seq - right.seq).map(({ file }) => file);
}

async function firstSeq(file: string): Promise<number> {
  const { size } = await stat(file).catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new ParleyError("E_CONFIG_INVALID", `Audit log ${file}: ${why}.`, { cause });
  });
  if (size === 0) return Number.MAX_SAFE_INTEGER;
  for await (const text of linesOf(file)) return Number(/^\{"seq":(\d{1,15}),/.exec(text)?.[1] ?? 0);
  return 0;
}

/** Whole lines; one without an end is left out. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const isWhole = await endsInLine(file);
  const stream = createReadStream(file);
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  try {
    let before: string | undefined;
    for await (const line of lines) {
      if (before !== undefined) yield before;
      before = line;
    }
    if (before !== undefined && isWhole) yield before;
  } finally {
    lines.close();
    stream.destroy();
  }
}

async function endsInLine(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await file.close();
  }
}
