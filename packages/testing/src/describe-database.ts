import { ParleyError } from "@parley/core";
import type { Database, Json } from "@parley/databases";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A fresh store and how to open a second handle on it. */
export interface DatabaseUnderTest {
  readonly database: Database;
  /** A second handle on the same store; absent where a store cannot be shared. */
  readonly reopen?: (() => Promise<Database>) | undefined;
  /** Removes what the store left behind; runs after both handles are closed. */
  readonly remove?: (() => Promise<void>) | undefined;
}

/** Options of {@link describeDatabase}. */
export interface DescribeDatabaseOptions {
  /** Says why the driver cannot run here; the suite is then skipped under that sentence. */
  readonly skip?: string | undefined;
}

/** Ids that break careless drivers, in ascending order of their bytes. */
const hostileIds = [
  "\u0000", " ", "%2e", "%2f", "'; DROP TABLE parley_records; --", "-rf", ".", "..", "../..", "../../etc/passwd",
  "/", "/etc/passwd", "A", "CON", "\\..\\x", "__proto__", "a", "a.json", "a.lock", "a.tmp", "a\nb", "constructor",
  "x".repeat(300), `${"x".repeat(300)}y`, "é", "e\u0301x", "日本", "\uFFFD", "🦜",
]; // prettier-ignore

const byBytes = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));

/** The `code` of the {@link ParleyError} a call is refused with. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (ParleyError.isInstance(error)) return error.code;
    throw error;
  }
  return "none";
}

/** A value that the types forbid and a JavaScript caller can pass all the same. */
const untyped = (value: unknown): Json => value as Json;

type Subject = () => DatabaseUnderTest;

function describeRecords(subject: Subject): void {
  it("reads what was put, counting writes", async () => {
    const { database } = subject();
    expect(await database.get("jobs", "a")).toBeUndefined();
    expect(await database.put("jobs", "a", { n: 1, gone: undefined })).toEqual({ id: "a", version: 1 });
    expect(await database.get("jobs", "a")).toEqual({ id: "a", value: { n: 1 }, version: 1 });
    expect(await database.put("jobs", "a", [null, "x"])).toMatchObject({ version: 2 });
    expect(await database.get("jobs", "a")).toEqual({ id: "a", value: [null, "x"], version: 2 });
    expect(await database.get("workers", "a")).toBeUndefined();
  });

  it("keeps its own copy of a value", async () => {
    const { database } = subject();
    const value = { list: [1] };
    await database.put("jobs", "a", value);
    value.list.push(2);
    expect((await database.get("jobs", "a"))?.value).toEqual({ list: [1] });
  });

  it("writes under ifVersion only at that version", async () => {
    const { database } = subject();
    expect(await codeOf(database.put("jobs", "a", 1, { ifVersion: 1 }))).toBe("E_DATABASE_CONFLICT");
    await database.put("jobs", "a", 1, { ifVersion: 0 });
    expect(await codeOf(database.put("jobs", "a", 2, { ifVersion: 0 }))).toBe("E_DATABASE_CONFLICT");
    await database.put("jobs", "a", 2, { ifVersion: 1 });
    expect(await codeOf(database.put("jobs", "a", 3, { ifVersion: 1 }))).toBe("E_DATABASE_CONFLICT");
    expect(await database.get("jobs", "a")).toEqual({ id: "a", value: 2, version: 2 });
  });

  it("deletes, and begins again at version 1", async () => {
    const { database } = subject();
    expect(await database.delete("jobs", "a")).toBe(false);
    await database.put("jobs", "a", 1);
    expect(await database.delete("jobs", "a")).toBe(true);
    expect(await database.get("jobs", "a")).toBeUndefined();
    expect(await database.put("jobs", "a", 1, { ifVersion: 0 })).toMatchObject({ version: 1 });
  });

  it("lets exactly one of many concurrent writers create a record", async () => {
    const { database } = subject();
    const writes = Array.from({ length: 10 }, (_, index) =>
      database.put("jobs", "a", index, { ifVersion: 0 }),
    );
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await database.get("jobs", "a")).toMatchObject({ version: 1 });
  });

  it("takes 100 concurrent puts", async () => {
    const { database } = subject();
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => database.put("jobs", `j${index % 50}`, index)),
    );
    const all = await database.list("jobs");
    expect(all).toHaveLength(50);
    expect(all.every(({ version }) => version === 2)).toBe(true);
  });
}

function describeIds(subject: Subject): void {
  it("keeps hostile ids apart, in the order of their bytes", async () => {
    const { database } = subject();
    for (const id of hostileIds) await database.put(`c/${hostileIds.length}`, id, { id });
    for (const id of hostileIds)
      expect((await database.get(`c/${hostileIds.length}`, id))?.value).toEqual({ id });
    const ids = (await database.list(`c/${hostileIds.length}`)).map(({ id }) => id);
    expect(ids).toEqual(hostileIds.toSorted(byBytes));
  });

  it("lists in pages that miss and repeat nothing", async () => {
    const { database } = subject();
    for (let index = 0; index < 25; index += 1) await database.put("jobs", `j${index}`, index);
    const seen: string[] = [];
    for (let after: string | undefined; ; after = seen.at(-1)) {
      const page = await database.list("jobs", { after, limit: 7 });
      seen.push(...page.map(({ id }) => id));
      if (page.length < 7) break;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `j${index}`).toSorted(byBytes));
    expect(await database.list("jobs", { after: "zzz" })).toEqual([]);
    expect(await database.list("nothing")).toEqual([]);
  });

  it.each([[""], ["\uD800"], ["x".repeat(5000)]])("refuses the id %j", async (id) => {
    const { database } = subject();
    expect(await codeOf(database.put("jobs", id, 1))).toBe("E_ARGUMENT_INVALID");
    expect(await codeOf(database.get("jobs", id))).toBe("E_ARGUMENT_INVALID");
    expect(await codeOf(database.put(id, "a", 1))).toBe("E_ARGUMENT_INVALID");
    expect(await codeOf(database.append(id, 1))).toBe("E_ARGUMENT_INVALID");
  });

  it("refuses limits and versions that mean nothing", async () => {
    const { database } = subject();
    for (const limit of [0, -1, 1.5, Number.NaN]) {
      expect(await codeOf(database.list("jobs", { limit }))).toBe("E_ARGUMENT_INVALID");
      expect(await codeOf(database.read("log", { limit }))).toBe("E_ARGUMENT_INVALID");
    }
    expect(await codeOf(database.read("log", { after: -1 }))).toBe("E_ARGUMENT_INVALID");
    expect(await codeOf(database.put("jobs", "a", 1, { ifVersion: -1 }))).toBe("E_ARGUMENT_INVALID");
  });
}

function describeValues(subject: Subject): void {
  it("refuses what JSON cannot say and writes nothing", async () => {
    const { database } = subject();
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const refused = [
      Number.NaN,
      Infinity,
      1n,
      cycle,
      undefined,
      () => 1,
      new Date(0),
      [undefined],
      new Map(),
      { a: Symbol("s") },
    ];
    for (const value of refused) {
      expect(await codeOf(database.put("jobs", "a", untyped(value)))).toBe("E_ARGUMENT_INVALID");
      expect(await codeOf(database.append("log", untyped(value)))).toBe("E_ARGUMENT_INVALID");
    }
    expect(await database.get("jobs", "a")).toBeUndefined();
    expect(await database.read("log")).toEqual([]);
  });

  it("refuses more than 8 MiB and keeps what was there", async () => {
    const { database } = subject();
    await database.put("jobs", "a", "small");
    expect(await codeOf(database.put("jobs", "a", "x".repeat(8 * 2 ** 20)))).toBe("E_ARGUMENT_INVALID");
    expect(await database.get("jobs", "a")).toEqual({ id: "a", value: "small", version: 1 });
    const large = "é".repeat(4 * 2 ** 20 - 1);
    await database.put("jobs", "large", large);
    expect((await database.get("jobs", "large"))?.value).toBe(large);
  });

  it("keeps odd but valid JSON", async () => {
    const { database } = subject();
    const value: Json = JSON.parse(
      String.raw`{"__proto__":{"x":1},"":"\u0000\ud800","n":-0.5e-10,"deep":[[[[]]]]}`,
    );
    await database.put("jobs", "a", value);
    expect(JSON.stringify((await database.get("jobs", "a"))?.value)).toBe(JSON.stringify(value));
  });
}

function describeStreams(subject: Subject): void {
  it("numbers entries from 1 and reads on from any of them", async () => {
    const { database } = subject();
    expect(await database.read("log")).toEqual([]);
    for (let index = 1; index <= 300; index += 1) {
      expect(await database.append("log", { index })).toMatchObject({ seq: index });
    }
    await database.append("other", "x");
    const all = await database.read("log");
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(await database.read("log", { after: 290, limit: 3 })).toEqual(all.slice(290, 293));
    expect(await database.read("log", { after: 290 })).toEqual(all.slice(290));
    expect(await database.read("log", { after: 300 })).toEqual([]);
    expect(all[0]?.at).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
  });

  it("numbers concurrent entries without gap or repetition", async () => {
    const { database } = subject();
    await Promise.all(Array.from({ length: 40 }, (_, index) => database.append("log", index)));
    const entries = await database.read("log");
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(new Set(entries.map(({ value }) => value)).size).toBe(40);
  });
}

function describeHandles(subject: Subject): void {
  it("closes twice and refuses use afterwards", async () => {
    const { database } = subject();
    const write = database.put("jobs", "a", 1);
    await Promise.all([write, database.close(), database.close()]);
    expect(await codeOf(database.get("jobs", "a"))).toBe("E_DATABASE_IO");
    expect(await codeOf(database.put("jobs", "a", 1))).toBe("E_DATABASE_IO");
    expect(await codeOf(database.append("log", 1))).toBe("E_DATABASE_IO");
    await database.close();
  });

  it("shares a store between two handles and keeps it after closing", async ({ skip }) => {
    const { database, reopen } = subject();
    skip(reopen === undefined, "this store lives in one handle");
    if (!reopen) return;
    const other = await reopen();
    const adds = [database, other].flatMap((handle) => Array.from({ length: 5 }, () => increment(handle)));
    await Promise.all(adds);
    await Promise.all([database.append("log", 1), other.append("log", 2), database.append("log", 3)]);
    expect((await other.read("log")).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    await other.close();
    expect(await database.get("counters", "n")).toEqual({ id: "n", value: 10, version: 10 });
    await database.close();
    const later = await reopen();
    expect(await later.get("counters", "n")).toEqual({ id: "n", value: 10, version: 10 });
    expect(await later.append("log", 4)).toMatchObject({ seq: 4 });
    await later.close();
  });
}

/** Adds one to a counter by compare-and-set, trying again on conflict. */
async function increment(database: Database): Promise<void> {
  for (;;) {
    const found = await database.get("counters", "n");
    const next = Number(found?.value ?? 0) + 1;
    const code = await codeOf(database.put("counters", "n", next, { ifVersion: found?.version ?? 0 }));
    if (code === "none") return;
    if (code !== "E_DATABASE_CONFLICT") throw new Error(code);
  }
}

/**
 * The behaviour every Database driver has in common.
 * @param create - makes an empty store for one test.
 */
export function describeDatabase(
  name: string,
  create: () => Promise<DatabaseUnderTest>,
  { skip }: DescribeDatabaseOptions = {},
): void {
  const title = skip === undefined ? name : `${name}: ${skip}`;
  describe.skipIf(skip !== undefined)(`database ${title}`, () => {
    let current: DatabaseUnderTest;
    beforeEach(async () => {
      current = await create();
    });
    afterEach(async () => {
      await current.database.close();
      await current.remove?.();
    });
    const subject: Subject = () => current;

    describeRecords(subject);
    describeIds(subject);
    describeValues(subject);
    describeStreams(subject);
    describeHandles(subject);
  });
}
