import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { ParleyError } from "@parley/core";

/** The most bytes of a plan file: 2 MiB. */
export const maxPlanBytes = 2 * 2 ** 20;

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a directory",
  EACCES: "this user may not read it",
};

/** A file as it was when it was read. */
export interface ReadFile {
  readonly text: string;
  /** SHA-256 of its bytes, hex. */
  readonly hash: string;
}

/** Reads no more than the limit, whatever the path leads to. @throws `E_PLAN_INVALID` */
export async function readPlanText(path: string): Promise<ReadFile> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path, { end: maxPlanBytes })) chunks.push(Buffer.from(chunk));
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw invalid(`${path} cannot be read: ${unreadable[code] ?? code}.`, cause);
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length > maxPlanBytes) throw invalid(`${path}: larger than 2 MiB, the most a plan may be.`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { text, hash: createHash("sha256").update(bytes).digest("hex") };
  } catch (cause) {
    throw invalid(`${path}: not UTF-8 text.`, cause);
  }
}

function invalid(message: string, cause?: unknown): ParleyError {
  return new ParleyError("E_PLAN_INVALID", message, { cause });
}
