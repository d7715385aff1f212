import { rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Json, ListOptions, PutOptions, Stored, Written } from "../database.ts";
import { compareBytes, conflict, pageSize } from "../_arguments.ts";
import { maxNameBytes, maxValueBytes } from "../_limits.ts";
import { corrupt } from "../_values.ts";
import {
  errorCode,
  makeFolder,
  moveInto,
  namesIn,
  onFile,
  readIfThere,
  syncFolder,
  writeSynced,
} from "./_files.ts";
import type { Locks } from "./_lock.ts";
import { decodeName, encodeName, isHashed } from "./_names.ts";
import { newToken } from "./_owner.ts";

/** A record's address. */
interface RecordKey {
  readonly collection: string;
  readonly id: string;
}

interface RecordsOptions {
  /** Holds one folder per collection. */
  readonly folder: string;
  readonly temporary: string;
  readonly locks: Locks;
}

/** Records as one file each: `{ id, version, value }`. */
export interface Records {
  get(key: RecordKey): Promise<Stored<Json> | undefined>;
  put(key: RecordKey, text: string, options: PutOptions): Promise<Written>;
  delete(key: RecordKey): Promise<boolean>;
  list(collection: string, options: ListOptions): Promise<readonly Stored<Json>[]>;
}

const suffix = ".json";

async function readRecord(file: string): Promise<Stored<Json> | undefined> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > maxValueBytes + 6 * maxNameBytes + 100) throw corrupt(file, { details: { file } });
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    const { id, version, value }: Partial<Stored<Json>> = JSON.parse(text);
    if (typeof id === "string" && Number.isSafeInteger(version) && version && value !== undefined) {
      return { id, version, value };
    }
  } catch (cause) {
    throw corrupt(file, { cause, details: { file } });
  }
  throw corrupt(file, { details: { file } });
}

const idOf = async (file: string, name: string): Promise<string | undefined> =>
  isHashed(name) ? (await readRecord(file))?.id : decodeName(name);

const idsOf = async (home: string): Promise<string[]> => {
  const ids: string[] = [];
  for (const name of await namesIn(home)) {
    if (!name.endsWith(suffix)) continue;
    const id = await idOf(join(home, name), name.slice(0, -suffix.length));
    if (id !== undefined) ids.push(id);
  }
  return ids.toSorted(compareBytes);
};

/** Opens the records under a folder. */
export function openRecords({ folder, temporary, locks }: RecordsOptions): Records {
  const fileOf = ({ collection, id }: RecordKey): string =>
    join(folder, encodeName(collection), encodeName(id) + suffix);

  const readKey = async (key: RecordKey): Promise<Stored<Json> | undefined> => {
    const file = fileOf(key);
    const found = await onFile(file, () => readRecord(file));
    if (found && found.id !== key.id) throw corrupt(file, { details: { file, ...key } });
    return found;
  };

  const put = async (key: RecordKey, text: string, { ifVersion }: PutOptions): Promise<Written> => {
    const file = fileOf(key);
    await onFile(file, () => makeFolder(dirname(file)));
    return await onFile(file, () =>
      locks.hold(`${file.slice(0, -suffix.length)}.lock`, async (assertHeld) => {
        const actual = (await readKey(key))?.version ?? 0;
        if (ifVersion !== undefined && ifVersion !== actual) {
          throw conflict({ ...key, expected: ifVersion, actual });
        }
        const version = actual + 1;
        const half = join(temporary, `${newToken()}.tmp`);
        try {
          await writeSynced(half, `{"id":${JSON.stringify(key.id)},"version":${version},"value":${text}}\n`);
          assertHeld();
          await moveInto(half, file);
        } catch (error) {
          await rm(half, { force: true });
          throw error;
        }
        return { id: key.id, version };
      }),
    );
  };

  const remove = async (key: RecordKey): Promise<boolean> => {
    const file = fileOf(key);
    if ((await namesIn(dirname(file))).length === 0) return false;
    return await onFile(file, () =>
      locks.hold(`${file.slice(0, -suffix.length)}.lock`, async (assertHeld) => {
        assertHeld();
        try {
          await unlink(file);
        } catch (error) {
          if (errorCode(error) === "ENOENT") return false;
          throw error;
        }
        await syncFolder(dirname(file));
        return true;
      }),
    );
  };

  const list = async (
    collection: string,
    { after, limit }: ListOptions,
  ): Promise<readonly Stored<Json>[]> => {
    const size = pageSize(limit);
    const home = join(folder, encodeName(collection));
    const ids = await onFile(home, () => idsOf(home));
    const wanted = after === undefined ? ids : ids.filter((id) => compareBytes(id, after) > 0);
    const page: Stored<Json>[] = [];
    for (let start = 0; start < wanted.length && page.length < size;) {
      const batch = wanted.slice(start, start + Math.min(32, size - page.length));
      const read = await Promise.all(batch.map((id) => readKey({ collection, id })));
      page.push(...read.filter((record) => record !== undefined));
      start += batch.length;
    }
    return page;
  };

  return { get: readKey, put, delete: remove, list };
}
