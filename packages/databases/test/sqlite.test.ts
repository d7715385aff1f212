import { join } from "node:path";
import { createSqliteDatabase } from "@parley/databases/sqlite";
import { describeDatabase } from "@parley/testing";
import { scratch, sqliteMissing } from "./_stores.ts";

describeDatabase(
  "sqlite",
  async () => {
    const { directory, remove } = await scratch();
    const open = () => createSqliteDatabase({ path: join(directory, "sub", "parley.db") });
    return { database: await open(), reopen: open, remove };
  },
  { skip: await sqliteMissing() },
);
