import type { Database as Client, Statement } from "better-sqlite3";

/** Prepares a statement once per text. The caller vouches for the types: SQLite itself has none. */
export type Sql = <Parameters extends unknown[], Row = unknown>(text: string) => Statement<Parameters, Row>;

/** Statements of a connection by their text; only texts of this package, never a caller's. */
export function createSql(client: Client): Sql {
  const prepared = new Map<string, Statement>();
  return <Parameters extends unknown[], Row>(text: string) => {
    let statement = prepared.get(text);
    if (!statement) prepared.set(text, (statement = client.prepare(text)));
    return statement as Statement<Parameters, Row>;
  };
}
