import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Records, one row each. */
export const records = sqliteTable(
  "parley_records",
  {
    collection: text("collection").notNull(),
    id: text("id").notNull(),
    version: integer("version").notNull(),
    value: text("value").notNull(),
  },
  (table) => [primaryKey({ columns: [table.collection, table.id] })],
);

/** Entries of streams, numbered from 1 within their stream. */
export const entries = sqliteTable(
  "parley_entries",
  {
    stream: text("stream").notNull(),
    seq: integer("seq").notNull(),
    at: text("at").notNull(),
    value: text("value").notNull(),
  },
  (table) => [primaryKey({ columns: [table.stream, table.seq] })],
);
