import { join, resolve } from "node:path";
import type { Clock } from "@parley/core";
import { systemClock } from "@parley/core";
import type { Database } from "../database.ts";
import { checkKey, checkName, checkVersion } from "../_arguments.ts";
import { createGate } from "../_gate.ts";
import { encodeValue } from "../_values.ts";
import { makeFolder, onFile, sweep } from "./_files.ts";
import { createLocks } from "./_lock.ts";
import type { Records } from "./_records.ts";
import { openRecords } from "./_records.ts";
import type { Streams } from "./_streams.ts";
import { openStreams } from "./_streams.ts";

/** Options of {@link createJsonDatabase}. */
export interface JsonDatabaseOptions {
  /** Made when absent, readable by its owner alone. */
  readonly directory: string;
  /** How long a write waits for another process's write of the same record (default 20,000). */
  readonly lockWaitMs?: number | undefined;
  /** Dates the entries of streams; the machine's clock when absent. */
  readonly clock?: Clock | undefined;
}

interface Opened {
  readonly records: Records;
  readonly streams: Streams;
}

async function openStore(directory: string, options: JsonDatabaseOptions): Promise<Opened> {
  const temporary = join(directory, "tmp");
  return await onFile(directory, async () => {
    await makeFolder(temporary);
    await sweep(temporary, Date.now());
    const locks = await createLocks({ temporary, waitMs: options.lockWaitMs ?? 20_000 });
    return {
      records: openRecords({ folder: join(directory, "records"), temporary, locks }),
      streams: openStreams({
        folder: join(directory, "streams"),
        locks,
        clock: options.clock ?? systemClock,
      }),
    };
  });
}

/**
 * A store of plain files: one JSON file per record, one NDJSON file per stream. Several processes may share it.
 * A resolved write has reached the disk (`fsync` of file and folder). Needs a file system with hard links.
 * @throws {@link ParleyError} `E_DATABASE_IO`, `E_DATABASE_CORRUPT` naming the file (other records stay readable),
 * `E_DATABASE_CONFLICT`, `E_ARGUMENT_INVALID`.
 */
export function createJsonDatabase(options: JsonDatabaseOptions): Database {
  const directory = resolve(options.directory);
  const gate = createGate(`json://${directory}`);
  let opening: Promise<Opened> | undefined;
  const opened = async (): Promise<Opened> => {
    opening ??= openStore(directory, options);
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };

  return {
    kind: "json",
    location: directory,
    durable: true,
    get: (collection, id) =>
      gate.pass(async () => await (await opened()).records.get(checkKey(collection, id))),
    // oxlint-disable-next-line max-params -- the port's signature
    put: (collection, id, value, put = {}) =>
      gate.pass(async () => {
        const key = checkKey(collection, id);
        checkVersion(put.ifVersion);
        const text = encodeValue(value);
        return await (await opened()).records.put(key, text, put);
      }),
    delete: (collection, id) =>
      gate.pass(async () => await (await opened()).records.delete(checkKey(collection, id))),
    list: (collection, list = {}) =>
      gate.pass(async () => {
        checkName("collection name", collection);
        return await (await opened()).records.list(collection, list);
      }),
    append: (stream, value) =>
      gate.pass(async () => {
        checkName("stream name", stream);
        const text = encodeValue(value);
        return await (await opened()).streams.append(stream, text);
      }),
    read: (stream, read = {}) =>
      gate.pass(async () => {
        checkName("stream name", stream);
        return await (await opened()).streams.read(stream, read);
      }),
    close: () => gate.close(),
  };
}
