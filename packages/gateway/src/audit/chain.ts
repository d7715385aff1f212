import { hash as digest } from "node:crypto";

/** What stands before the first line of a chain. */
export const genesis = "0".repeat(64);

/** Where a chain has come to. */
export interface Head {
  /** Number of the last line; 0 before the first. */
  readonly seq: number;
  /** Its hash, SHA-256 in hex. */
  readonly hash: string;
}

export const emptyHead: Head = { seq: 0, hash: genesis };

/** One line read back, its hash found to be right. */
export interface ChainLine {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  readonly record: Readonly<Record<string, unknown>>;
}

const ending = /,"hash":"([0-9a-f]{64})"\}$/;

/**
 * Writes a record as the next line of a chain: its number, the hash of the line before, the record, and last of all
 * the SHA-256 of the line as it stands without that field.
 */
export function chainLine(
  head: Head,
  record: Readonly<Record<string, unknown>>,
): { readonly line: string; readonly head: Head } {
  const seq = head.seq + 1;
  const body = JSON.stringify({ seq, prev: head.hash, ...record });
  const hash = sha256(body);
  return { line: `${body.slice(0, -1)},"hash":"${hash}"}`, head: { seq, hash } };
}

/** Reads a line back; a text says why it is none. */
export function readLine(line: string): ChainLine | string {
  const [end, hash = ""] = ending.exec(line) ?? [];
  if (end === undefined) return "it does not end in a hash";
  const body = `${line.slice(0, -end.length)}}`;
  if (sha256(body) !== hash) return "its hash is not that of its text";
  try {
    const record: unknown = JSON.parse(body);
    const { seq, prev } = { seq: undefined, prev: undefined, ...(typeof record === "object" ? record : {}) };
    if (typeof seq !== "number" || typeof prev !== "string") return "it has no number or no hash before it";
    return { seq, prev, hash, record: { ...(typeof record === "object" ? record : {}) } };
  } catch {
    return "it is no JSON";
  }
}

function sha256(text: string): string {
  return digest("sha256", text, "hex");
}
