import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import { entries, records } from "./_schema.ts";

const hole = (name: string) => sql.placeholder(name);

/** Every statement the driver runs, prepared once. Each write is one statement, hence atomic. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the inferred types are the point
export function prepareStatements(db: BetterSQLite3Database) {
  const isRecord = and(eq(records.collection, hole("collection")), eq(records.id, hole("id")));
  const row = { collection: hole("collection"), id: hole("id"), version: 1, value: hole("value") };
  const version = { version: records.version };
  const nextSeq = sql`(SELECT coalesce(max(${entries.seq}), 0) + 1 FROM ${entries} WHERE ${entries.stream} = ${hole("stream")})`;

  return {
    get: db
      .select({ value: records.value, ...version })
      .from(records)
      .where(isRecord)
      .prepare(),
    put: db
      .insert(records)
      .values(row)
      .onConflictDoUpdate({
        target: [records.collection, records.id],
        set: { value: sql`excluded.value`, version: sql`${records.version} + 1` },
      })
      .returning(version)
      .prepare(),
    create: db.insert(records).values(row).onConflictDoNothing().returning(version).prepare(),
    replace: db
      .update(records)
      .set({ value: sql`${hole("value")}`, version: sql`${records.version} + 1` })
      .where(and(isRecord, eq(records.version, hole("ifVersion"))))
      .returning(version)
      .prepare(),
    delete: db.delete(records).where(isRecord).prepare(),
    list: db
      .select({ id: records.id, value: records.value, ...version })
      .from(records)
      .where(and(eq(records.collection, hole("collection")), gt(records.id, hole("after"))))
      .orderBy(asc(records.id))
      .limit(hole("limit"))
      .prepare(),
    append: db
      .insert(entries)
      .values({ stream: hole("stream"), seq: nextSeq, at: hole("at"), value: hole("value") })
      .returning({ seq: entries.seq })
      .prepare(),
    read: db
      .select({ seq: entries.seq, at: entries.at, value: entries.value })
      .from(entries)
      .where(and(eq(entries.stream, hole("stream")), gt(entries.seq, hole("after"))))
      .orderBy(asc(entries.seq))
      .limit(hole("limit"))
      .prepare(),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
