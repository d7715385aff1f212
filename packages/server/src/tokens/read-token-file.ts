import { open } from "node:fs/promises";
import { ParleyError } from "@parley/core";
import { type TokenEntry, TokenList } from "./token-entry.ts";

/** One version of a token file. */
export interface TokenFileVersion {
  readonly tokens: readonly TokenEntry[];
  /** Changes with every write or replacement of the file. */
  readonly stamp: string;
  /** Whether group or others may read it. */
  readonly isShared: boolean;
}

const maxBytes = 8 * 1024 * 1024;
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; make it with `mcpserver token add NAME`",
  EACCES: "this user may not read it",
  EISDIR: "it is a directory",
};

/** @throws `E_CONFIG_INVALID` when the file cannot be read or is no token file */
export async function readTokenFile(path: string): Promise<TokenFileVersion> {
  const { text, stamp, mode } = await readWhole(path).catch((cause: unknown) => {
    if (ParleyError.isInstance(cause)) throw cause;
    const code = codeOf(cause);
    throw new ParleyError("E_CONFIG_INVALID", `Token file ${path}: ${reasons[code] ?? code}.`, { cause });
  });
  return { tokens: parse(text, path), stamp, isShared: (mode & 0o077) !== 0 && process.platform !== "win32" };
}

/** What {@link TokenFileVersion.stamp} would be now; `undefined` when there is no file to read. */
export async function readStamp(path: string): Promise<string | undefined> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    return stampOf(await file.stat({ bigint: true }));
  } finally {
    await file.close();
  }
}

async function readWhole(path: string): Promise<{ text: string; stamp: string; mode: number }> {
  const file = await open(path, "r");
  try {
    const status = await file.stat({ bigint: true });
    if (status.size > maxBytes) {
      throw new ParleyError("E_CONFIG_INVALID", `Token file ${path}: larger than 8 MiB.`);
    }
    return { text: await file.readFile("utf8"), stamp: stampOf(status), mode: Number(status.mode) };
  } finally {
    await file.close();
  }
}

function stampOf(status: { ino: bigint; size: bigint; mtimeNs: bigint; ctimeNs: bigint }): string {
  return `${status.ino}:${status.size}:${status.mtimeNs}:${status.ctimeNs}`;
}

function parse(text: string, path: string): readonly TokenEntry[] {
  const parsed = TokenList.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data.tokens;
  const issues = parsed.error.issues.map(({ path: place, message }) => `${place.join(".")}: ${message}`);
  throw new ParleyError("E_CONFIG_INVALID", `Token file ${path}: ${issues.slice(0, 3).join("; ")}.`);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new ParleyError("E_CONFIG_INVALID", `Token file ${path}: it is not JSON.`);
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
