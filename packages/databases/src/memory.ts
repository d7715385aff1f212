import type { Clock } from "@parley/core";
import { isoTime, systemClock } from "@parley/core";
import type { Database, Stored, StreamEntry, Json } from "./database.ts";
import { checkName, checkVersion, compareBytes, conflict, pageSize, startAfter } from "./_arguments.ts";
import { createGate } from "./_gate.ts";
import { decodeValue, encodeValue } from "./_values.ts";

/** Options of {@link createMemoryDatabase}. */
export interface MemoryDatabaseOptions {
  /** Dates the entries of streams; the machine's clock when absent. */
  readonly clock?: Clock | undefined;
}

interface Row {
  readonly text: string;
  readonly version: number;
}

interface Collection {
  readonly rows: Map<string, Row>;
  /** Ids in order; absent after an insertion or a deletion. */
  order?: readonly string[] | undefined;
}

const stored = (id: string, row: Row): Stored<Json> => ({
  id,
  value: decodeValue(row.text, `Record ${id}`),
  version: row.version,
});

const orderOf = (collection: Collection): readonly string[] =>
  (collection.order ??= [...collection.rows.keys()].toSorted(compareBytes));

/** A store that lives as long as the process; values are copied in and out. */
export function createMemoryDatabase(options: MemoryDatabaseOptions = {}): Database {
  const clock = options.clock ?? systemClock;
  const collections = new Map<string, Collection>();
  const streams = new Map<string, { at: string; text: string }[]>();
  const gate = createGate("memory:", () => {
    collections.clear();
    streams.clear();
  });

  const collectionOf = (name: string): Collection => {
    checkName("collection name", name);
    const known = collections.get(name) ?? { rows: new Map<string, Row>() };
    collections.set(name, known);
    return known;
  };

  return {
    kind: "memory",
    location: "memory:",
    durable: false,
    get: (name, id) =>
      gate.pass(() => {
        checkName("id", id);
        const row = collectionOf(name).rows.get(id);
        return row && stored(id, row);
      }),
    // oxlint-disable-next-line max-params -- the port's signature
    put: (name, id, value, { ifVersion } = {}) =>
      gate.pass(() => {
        checkName("id", id);
        checkVersion(ifVersion);
        const text = encodeValue(value);
        const collection = collectionOf(name);
        const actual = collection.rows.get(id)?.version ?? 0;
        if (ifVersion !== undefined && ifVersion !== actual) {
          throw conflict({ collection: name, id, expected: ifVersion, actual });
        }
        const row = { text, version: actual + 1 };
        if (actual === 0) collection.order = undefined;
        collection.rows.set(id, row);
        return { id, version: row.version };
      }),
    delete: (name, id) =>
      gate.pass(() => {
        checkName("id", id);
        const collection = collectionOf(name);
        collection.order = undefined;
        return collection.rows.delete(id);
      }),
    list: (name, { after, limit } = {}) =>
      gate.pass(() => {
        const size = pageSize(limit);
        const { rows } = collectionOf(name);
        const order = orderOf(collectionOf(name));
        const start = after === undefined ? 0 : order.findIndex((id) => compareBytes(id, after) > 0);
        if (start < 0) return [];
        return order.slice(start, start + size).flatMap((id) => {
          const row = rows.get(id);
          return row ? [stored(id, row)] : [];
        });
      }),
    append: (stream, value) =>
      gate.pass(() => {
        checkName("stream name", stream);
        const text = encodeValue(value);
        const entries = streams.get(stream) ?? [];
        streams.set(stream, entries);
        const at = isoTime(clock.now());
        entries.push({ at, text });
        return { seq: entries.length, at };
      }),
    read: (stream, { after, limit } = {}) =>
      gate.pass((): readonly StreamEntry[] => {
        checkName("stream name", stream);
        const start = startAfter(after);
        const page = (streams.get(stream) ?? []).slice(start, start + pageSize(limit));
        return page.map(({ at, text }, index) => ({
          seq: start + index + 1,
          at,
          value: decodeValue(text, stream),
        }));
      }),
    close: () => gate.close(),
  };
}
