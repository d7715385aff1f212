import { createMemoryDatabase, getDatabase } from "@parley/databases";
import { createDatabaseTaskStore, createMemoryTaskStore } from "@parley/mcp-tasks";
import { describeTaskStore, taskRecord } from "@parley/testing";
import { expect, it } from "vitest";
import { codeOf, scratch, sqliteMissing } from "./_stores.ts";

async function onDisk(kind: "json" | "sqlite") {
  const place = await scratch();
  const open = async () => await getDatabase(place[kind]);
  const opened = [await open()];
  return {
    store: createDatabaseTaskStore(opened[0] ?? createMemoryDatabase()),
    reopen: async () => {
      const other = await open();
      opened.push(other);
      return createDatabaseTaskStore(other);
    },
    remove: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await place.remove();
    },
  };
}

describeTaskStore("memory", async () => ({ store: createMemoryTaskStore() }));
describeTaskStore("memory database", async () => {
  const database = createMemoryDatabase();
  return {
    store: createDatabaseTaskStore(database),
    reopen: async () => createDatabaseTaskStore(database),
  };
});
describeTaskStore("json database", () => onDisk("json"));
describeTaskStore("sqlite database", () => onDisk("sqlite"), { skip: await sqliteMissing() });

it("says which record of a database is no task", async () => {
  const database = createMemoryDatabase();
  const store = createDatabaseTaskStore(database, { collection: "mine" });
  await database.put("mine", "bad", { ...taskRecord(), status: "lost" });
  expect(await codeOf(store.read("bad"))).toBe("E_DATABASE_CORRUPT");
  await expect(store.page(undefined, 10)).rejects.toThrow(/bad .*"status"/);
});
