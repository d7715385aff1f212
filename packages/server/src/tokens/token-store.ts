import { type FileHandle, open, realpath, rename, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, isoTime, ParleyError, systemClock } from "@parley/core";
import { codeOf, readTokenFile } from "./read-token-file.ts";
import { makeToken, type RandomBytes, TokenEntry } from "./token-entry.ts";

/** A token to be made. */
export interface NewToken {
  readonly name: string;
  readonly scopes: readonly string[];
  /** ISO time; absent means never. */
  readonly expiresAt?: string | undefined;
}

/** What may be shown of a token. */
export type TokenInfo = Omit<TokenEntry, "hash">;

/** Makes and takes away the tokens of a file. */
export interface TokenStore {
  /**
   * The token itself is in the answer and nowhere else.
   * @throws `E_TOKEN_EXISTS`, `E_ARGUMENT_INVALID`
   */
  add(wanted: NewToken): Promise<{ readonly token: string; readonly entry: TokenInfo }>;
  /** None when there is no file yet. */
  list(): Promise<readonly TokenInfo[]>;
  /** Takes the entry away, and frees its name. @throws `E_TOKEN_UNKNOWN` */
  remove(name: string): Promise<TokenInfo>;
  /** Ends the token and keeps the entry for the record. @throws `E_TOKEN_UNKNOWN` */
  revoke(name: string): Promise<TokenInfo>;
}

/** How {@link tokenStore} is called. */
export interface TokenStoreOptions {
  readonly clock?: Clock | undefined;
  readonly random?: RandomBytes | undefined;
  /** How long to wait for another writer; default 5 s. */
  readonly lockTimeoutMs?: number | undefined;
}

/**
 * Edits a token file: each change is written to a new file of mode 600 that replaces the old one, one writer at
 * a time. All methods throw `E_CONFIG_INVALID` when the file cannot be read or written.
 */
export function tokenStore(path: string, options: TokenStoreOptions = {}): TokenStore {
  const { clock = systemClock, lockTimeoutMs = 5000 } = options;

  const change = async <Value>(edit: (tokens: readonly TokenEntry[]) => Edit<Value>): Promise<Value> => {
    const target = await realpath(path).catch(() => path);
    const draft = `${target}.lock`;
    const file = await lock(draft, lockTimeoutMs);
    try {
      const { tokens, value } = edit(await readEntries(target));
      await file.writeFile(`${JSON.stringify({ version: 1, tokens }, null, 2)}\n`);
      await file.sync();
      await file.close();
      await rename(draft, target);
      return value;
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(draft, { force: true });
      throw error;
    }
  };

  return {
    add: (wanted) =>
      change((tokens) => {
        const { token, ...made } = makeToken(options.random);
        const entry = checked({ ...made, ...wanted, createdAt: isoTime(clock.now()) });
        if (tokens.some(({ name }) => name === entry.name)) {
          const message = `Token file ${path}: there is a token "${entry.name}"; remove it first or choose another name.`;
          throw new ParleyError("E_TOKEN_EXISTS", message);
        }
        return { tokens: [...tokens, entry], value: { token, entry: shown(entry) } };
      }),
    list: async () => (await readEntries(path)).map(shown),
    remove: (name) =>
      change((tokens) => {
        const entry = named(tokens, name, path);
        return { tokens: tokens.filter((other) => other !== entry), value: shown(entry) };
      }),
    revoke: (name) =>
      change((tokens) => {
        const entry = named(tokens, name, path);
        const revoked = { ...entry, revokedAt: entry.revokedAt ?? isoTime(clock.now()) };
        return {
          tokens: tokens.map((other) => (other === entry ? revoked : other)),
          value: shown(revoked),
        };
      }),
  };
}

interface Edit<Value> {
  readonly tokens: readonly TokenEntry[];
  readonly value: Value;
}

/** The file that becomes the next version is the lock: whoever makes it is the one writer. */
async function lock(path: string, timeoutMs: number): Promise<FileHandle> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await open(path, "wx", 0o600);
    } catch (cause) {
      const code = codeOf(cause);
      if (code !== "EEXIST") {
        throw new ParleyError("E_CONFIG_INVALID", `Token file: ${path} cannot be written (${code}).`, {
          cause,
        });
      }
      if (performance.now() >= until) {
        const message = `Token file: another writer holds ${path}; remove that file if none is running.`;
        throw new ParleyError("E_CONFIG_INVALID", message, { cause });
      }
    }
    await sleep(20);
  }
}

async function readEntries(path: string): Promise<readonly TokenEntry[]> {
  try {
    return (await readTokenFile(path)).tokens;
  } catch (error) {
    if (error instanceof Error && codeOf(error.cause) === "ENOENT") return [];
    throw error;
  }
}

function named(tokens: readonly TokenEntry[], name: string, path: string): TokenEntry {
  const entry = tokens.find((other) => other.name === name);
  if (entry !== undefined) return entry;
  const shownName = JSON.stringify(name.slice(0, 80));
  throw new ParleyError(
    "E_TOKEN_UNKNOWN",
    `Token file ${path}: there is no token ${shownName}; see token list.`,
  );
}

function checked(entry: unknown): TokenEntry {
  const parsed = TokenEntry.safeParse(entry);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new ParleyError("E_ARGUMENT_INVALID", `The token cannot be made: ${issues.join("; ")}.`);
}

function shown({ hash: _hash, ...rest }: TokenEntry): TokenInfo {
  return rest;
}
