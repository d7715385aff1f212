import { existsSync } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Database as Client } from "better-sqlite3";
import { queueError } from "./_errors.ts";
import { loadClient } from "./_load.ts";
import { migrate } from "./_migrations.ts";
import type { Ownership } from "./_owner.ts";
import { own } from "./_owner.ts";
import type { Settings } from "./options.ts";

/** Reading more than this at start would take seconds. */
const checkedBytes = 64 * 2 ** 20;
const pageBytes = 4096;
/** Nobody else should write; whoever does keeps this process's event loop for so long. */
const busyMs = 1000;

/** A queue file that this process owns. */
export interface OpenFile {
  readonly client: Client;
  close(): void;
}

async function prepareFile(path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) await (await open(path, "a", 0o600)).close();
  return (await stat(path)).size;
}

function configure(client: Client, { durability, maxBytes }: Settings): void {
  client.pragma(`page_size = ${pageBytes}`);
  client.pragma("journal_mode = WAL");
  client.pragma(`synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
  client.pragma("wal_autocheckpoint = 4000");
  // Work goes on at the ends of few trees. After some splits of a page SQLite looks through the whole cache at the
  // commit, which at 64 MiB took a fifteenth of the time of a busy queue.
  client.pragma("cache_size = -8192");
  client.pragma("journal_size_limit = 67108864");
  if (Number.isFinite(maxBytes)) client.pragma(`max_page_count = ${Math.floor(maxBytes / pageBytes)}`);
}

/** Whether submissions should stop so that what runs can still be written down. */
export function isNearlyFull(client: Client, maxBytes: number): boolean {
  if (!Number.isFinite(maxBytes)) return false;
  const used =
    Number(client.pragma("page_count", { simple: true })) -
    Number(client.pragma("freelist_count", { simple: true }));
  return used * pageBytes >= maxBytes * 0.9;
}

function checkIntegrity(client: Client, wanted: boolean): void {
  if (!wanted) return;
  const found = String(client.pragma("quick_check(1)", { simple: true }));
  if (found !== "ok") throw Object.assign(new Error(found), { code: "SQLITE_CORRUPT" });
}

/**
 * Takes the file, checks and migrates it.
 * @throws {@link ParleyError} `E_DATABASE_DRIVER`, `E_QUEUE_OWNED`, `E_DATABASE_CORRUPT`, `E_DATABASE_IO`,
 * `E_QUEUE_DISK_FULL`.
 */
export async function openFile(path: string, settings: Settings): Promise<OpenFile> {
  const Client = await loadClient(settings.load);
  let owned: Ownership | undefined;
  let client: Client | undefined;
  try {
    const inMemory = path === ":memory:";
    const size = inMemory ? 0 : await prepareFile(path);
    const { ownerWaitMs: waitMs, monotonicMs, integrityCheck } = settings;
    if (!inMemory) owned = await own({ Client, path, waitMs, monotonicMs });
    client = new Client(path, { timeout: busyMs });
    configure(client, settings);
    checkIntegrity(client, integrityCheck === "always" || (integrityCheck === "auto" && size < checkedBytes));
    migrate(client, { path });
    const opened = client;
    return {
      client: opened,
      close: () => {
        opened.close();
        owned?.release();
      },
    };
  } catch (error) {
    client?.close();
    owned?.release();
    throw queueError(error, path);
  }
}
