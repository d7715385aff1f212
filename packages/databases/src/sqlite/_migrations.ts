import type { Database as Client } from "better-sqlite3";
import { ParleyError } from "@parley/core";

/** Applied in order, each once; a released one is never edited. */
const migrations: readonly string[] = [
  `CREATE TABLE parley_records (
     collection TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL,
     PRIMARY KEY (collection, id)
   ) WITHOUT ROWID;
   CREATE TABLE parley_entries (
     stream TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, value TEXT NOT NULL,
     PRIMARY KEY (stream, seq)
   ) WITHOUT ROWID;`,
];

/**
 * Brings a store to the newest layout.
 * @throws {@link ParleyError} `E_DATABASE_IO` when a newer release wrote it.
 */
export function migrate(client: Client, path: string): void {
  const apply = client.transaction(() => {
    client.exec("CREATE TABLE IF NOT EXISTS parley_schema (version INTEGER NOT NULL)");
    const row = client.prepare<[], { version: number }>("SELECT version FROM parley_schema").get();
    const version = row?.version ?? 0;
    if (version > migrations.length) {
      throw new ParleyError(
        "E_DATABASE_IO",
        `The store ${path} has layout ${version}, newer than ${migrations.length}: use a newer release of Parley.`,
      );
    }
    for (const statement of migrations.slice(version)) client.exec(statement);
    if (!row) client.prepare("INSERT INTO parley_schema (version) VALUES (?)").run(migrations.length);
    else if (version < migrations.length)
      client.prepare("UPDATE parley_schema SET version = ?").run(migrations.length);
  });
  apply.immediate();
}
