import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ParleyError } from "@parley/core";
import { isObject } from "../_messages.ts";
import type { OAuthRecord, OAuthStore } from "./store.ts";

const version = 1;

function isRecord(value: unknown): value is OAuthRecord {
  return isObject(value) && isObject(value["clients"]) && isObject(value["tokens"]);
}

async function readAll(path: string): Promise<Record<string, OAuthRecord>> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new ParleyError("E_DATABASE_IO", `The token file ${path} cannot be read (${cause.code ?? "?"}).`, {
      cause,
    });
  });
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    const servers = isObject(value) && value["version"] === version ? value["servers"] : undefined;
    if (!isObject(servers)) throw new TypeError("another form");
    return Object.fromEntries(
      Object.entries(servers).filter((entry): entry is [string, OAuthRecord] => isRecord(entry[1])),
    );
  } catch {
    // No cause: a parser's message quotes what it read.
    throw new ParleyError(
      "E_DATABASE_CORRUPT",
      `The token file ${path} cannot be understood: remove it and log in again.`,
    );
  }
}

/** The new file is whole before it takes the old one's place, and never readable by others. */
async function writeAll(path: string, servers: Record<string, OAuthRecord>): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(JSON.stringify({ version, servers }));
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(draft, 0o600);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new ParleyError("E_DATABASE_IO", `The token file ${path} cannot be written.`, { cause });
  }
}

/**
 * Keeps tokens in one JSON file of mode 600 that only ever changes as a whole.
 * @throws {@link ParleyError} `E_DATABASE_IO`, `E_DATABASE_CORRUPT`.
 */
export function createFileStore(path: string): OAuthStore {
  let last: Promise<unknown> = Promise.resolve();
  return {
    read: async (key) => {
      const servers = await readAll(path);
      return Object.hasOwn(servers, key) ? servers[key] : undefined;
    },
    write(key, record) {
      const next = last
        .catch(() => {})
        .then(async () => writeAll(path, { ...(await readAll(path)), [key]: record }));
      last = next;
      return next;
    },
  };
}
