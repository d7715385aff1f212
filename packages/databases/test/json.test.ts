import { createJsonDatabase } from "@parley/databases";
import { describeDatabase } from "@parley/testing";
import { scratch } from "./_stores.ts";

describeDatabase("json", async () => {
  const { directory, remove } = await scratch();
  const open = () => createJsonDatabase({ directory });
  return { database: open(), reopen: async () => open(), remove };
});
