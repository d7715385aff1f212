import { existsSync } from "node:fs";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as barrel from "@parley/databases";
import { createJsonDatabase, getDatabase, getDefaultDatabase, readLegacyRuns } from "@parley/databases";
import { createSqliteDatabase } from "@parley/databases/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf, scratch, sqliteMissing } from "./_stores.ts";

const missing = await sqliteMissing();
let directory: string;
let remove: () => Promise<void>;
beforeEach(async () => ({ directory, remove } = await scratch()));
afterEach(async () => await remove());

const absent = () => Promise.reject(new Error("Cannot find package 'better-sqlite3'"));

describe("getDatabase", () => {
  it.each(["memory:", "memory://"])("opens %s", async (uri) => {
    expect((await getDatabase(uri)).kind).toBe("memory");
  });

  it.each(["json://", "file://"])("opens %sDIR, absolute or relative", async (scheme) => {
    expect((await getDatabase(scheme + directory)).location).toBe(directory);
    expect((await getDatabase(`${scheme}some/where`)).location).toBe(resolve("some/where"));
    expect(existsSync("some/where")).toBe(false);
  });

  it.skipIf(missing !== undefined)("opens sqlite://PATH and keeps records there", async () => {
    const path = join(directory, "deep", "x.db");
    const database = await getDatabase(`sqlite://${path}`);
    await database.put("jobs", "a", 1);
    await database.close();
    expect(existsSync(path)).toBe(true);
    expect(database).toMatchObject({ kind: "sqlite", location: path, durable: true });
  });

  it.each(["", "postgres://x", "json://", "sqlite://", "sqlite://a\0b", "nonsense", "results"])(
    "refuses %j and lists the forms",
    async (uri) => {
      await expect(getDatabase(uri)).rejects.toThrow(
        /sqlite:\/\/PATH, json:\/\/DIR, file:\/\/DIR or memory:/,
      );
      expect(await codeOf(getDatabase(uri))).toBe("E_DATABASE_URI");
    },
  );

  it.skipIf(!existsSync("/proc/self"))("ends where no folder can be made, as under /proc", async () => {
    const database = await getDatabase("json:///proc/parley/runs");
    expect(await codeOf(database.put("jobs", "a", 1))).toBe("E_DATABASE_IO");
  });

  it("offers the address of a bare path", async () => {
    await expect(getDatabase("./runs.db")).rejects.toThrow("sqlite://./runs.db");
    await expect(getDatabase("/var/lib/parley")).rejects.toThrow("json:///var/lib/parley");
  });
});

describe("without better-sqlite3", () => {
  it.each([
    ["Cannot find package 'better-sqlite3'", /npm install better-sqlite3/],
    ["Could not locate the bindings file. Tried:", /not compiled: run `npm rebuild/],
    ["compiled against NODE_MODULE_VERSION 115", /another Node\.js: run `npm rebuild/],
  ])("says what %j means", async (text, remedy) => {
    const opening = createSqliteDatabase({
      path: join(directory, "x.db"),
      load: () => Promise.reject(new Error(text)),
    });
    await expect(opening).rejects.toThrow(remedy);
    await expect(opening).rejects.toMatchObject({ code: "E_DATABASE_DRIVER" });
  });

  it("falls back to JSON with a notice, and stays there", async () => {
    const { database, notice } = await getDefaultDatabase(directory, { load: absent });
    expect(database.kind).toBe("json");
    expect(notice).toContain(`Records are kept as JSON files in ${directory}.`);
    await database.put("jobs", "a", 1);
    await database.close();
    const later = await getDefaultDatabase(directory);
    expect(later.database.kind).toBe("json");
    expect(later.notice).toContain("stay in the JSON store");
    expect(await later.database.get("jobs", "a")).toMatchObject({ value: 1 });
  });

  it("does not hide a SQLite store behind an empty JSON one", async () => {
    await writeFile(join(directory, "parley.db"), "");
    expect(await codeOf(getDefaultDatabase(directory, { load: absent }))).toBe("E_DATABASE_DRIVER");
  });
});

describe.skipIf(missing !== undefined)(`SQLite files ${missing ?? ""}`, () => {
  it("is the default where it can be loaded", async () => {
    const { database, notice } = await getDefaultDatabase(directory);
    expect(database.location).toBe(join(directory, "parley.db"));
    expect(notice).toBeUndefined();
    await database.close();
  });

  it("says that a file is no database", async () => {
    const path = join(directory, "x.db");
    await writeFile(path, "x".repeat(4096));
    expect(await codeOf(createSqliteDatabase({ path }))).toBe("E_DATABASE_CORRUPT");
    expect(await codeOf(createSqliteDatabase({ path: directory }))).toBe("E_DATABASE_IO");
  });

  it("refuses a layout from the future and names damaged records", async () => {
    const { default: Client } = await import("better-sqlite3");
    const path = join(directory, "x.db");
    const database = await createSqliteDatabase({ path });
    await database.put("jobs", "a", 1);
    await database.append("log", 1);
    const client = new Client(path);
    client.exec("UPDATE parley_records SET value = '{'; UPDATE parley_entries SET value = ''");
    expect(await codeOf(database.get("jobs", "a"))).toBe("E_DATABASE_CORRUPT");
    expect(await codeOf(database.read("log"))).toBe("E_DATABASE_CORRUPT");
    client.exec("UPDATE parley_schema SET version = 99");
    client.close();
    await database.close();
    await expect(createSqliteDatabase({ path })).rejects.toThrow("layout 99");
  });

  it("reports a store that another writer keeps busy as worth retrying", async () => {
    const { default: Client } = await import("better-sqlite3");
    const path = join(directory, "x.db");
    const database = await createSqliteDatabase({ path, busyTimeoutMs: 1 });
    const client = new Client(path);
    client.exec("BEGIN IMMEDIATE");
    await expect(database.put("jobs", "a", 1)).rejects.toMatchObject({
      code: "E_DATABASE_IO",
      retryable: true,
    });
    client.close();
    await database.close();
  });

  it("reads the runs of the older server and changes nothing", async () => {
    const { default: Client } = await import("better-sqlite3");
    const path = join(directory, "old.db");
    const client = new Client(path);
    client.exec(`CREATE TABLE workflow_runs (id, timestamp, status, plan_source, data JSON);
      INSERT INTO workflow_runs VALUES (1, '2026-01-02 03:04:05', 'success', 'plan.yaml', '{"steps":[]}');
      INSERT INTO workflow_runs VALUES ('b', '2026-01-03', NULL, NULL, 'not json');`);
    client.close();
    const before = await readFile(path);
    expect(await readLegacyRuns(`sqlite://${path}`)).toEqual([
      {
        id: "1",
        timestamp: "2026-01-02 03:04:05",
        status: "success",
        planSource: "plan.yaml",
        data: { steps: [] },
      },
      { id: "b", timestamp: "2026-01-03", data: "not json" },
    ]);
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await codeOf(readLegacyRuns(`sqlite://${path}.none`))).toBe("E_DATABASE_IO");
  });

  it("finds no runs in a store of our own", async () => {
    const path = join(directory, "x.db");
    await (await createSqliteDatabase({ path })).close();
    expect(await readLegacyRuns(`sqlite://${path}`)).toEqual([]);
  });
});

describe("readLegacyRuns", () => {
  it("reads result files, damaged ones as text, beside a store of ours", async () => {
    await createJsonDatabase({ directory }).put("jobs", "a", 1);
    await writeFile(
      join(directory, "results-2026-01-02_03-04-05.json"),
      '{"status":"success","plan_source":"p.yaml"}',
    );
    await writeFile(join(directory, "results-2026-01-02_03-04-06.json"), "{torn");
    const runs = await readLegacyRuns(`json://${directory}`);
    expect(runs).toEqual([
      {
        id: "results-2026-01-02_03-04-05",
        timestamp: "2026-01-02T03:04:05",
        status: "success",
        planSource: "p.yaml",
        data: { status: "success", plan_source: "p.yaml" },
      },
      { id: "results-2026-01-02_03-04-06", timestamp: "2026-01-02T03:04:06", data: "{torn" },
    ]);
    expect(await readLegacyRuns(`file://${directory}/none`)).toEqual([]);
    expect(await readLegacyRuns("memory:")).toEqual([]);
    expect(await readdir(directory)).toContain("results-2026-01-02_03-04-06.json");
  });
});

describe("the package", () => {
  it("exports what its users were promised", () => {
    expect(Object.keys(barrel).toSorted()).toEqual([
      "createJsonDatabase",
      "createMemoryDatabase",
      "getDatabase",
      "getDefaultDatabase",
      "readLegacyRuns",
    ]);
  });

  it("is barrel-clean: the main entry statically imports no native code", async () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = async (file: string): Promise<void> => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = await readFile(file, "utf8");
      for (const [, typeOnly, from = ""] of source.matchAll(
        /^(?:import|export)( type)? [^;]*?from "([^"]+)";/gms,
      )) {
        if (typeOnly) continue;
        if (from.startsWith(".")) await visit(join(dirname(file), from));
        else packages.add(from);
      }
    };
    await visit(fileURLToPath(new URL("../src/index.ts", import.meta.url)));
    expect(seen.size).toBeGreaterThan(10);
    expect([...seen].filter((file) => file.includes("sqlite"))).toEqual([]);
    expect([...packages].filter((name) => !name.startsWith("node:"))).toEqual(["@parley/core"]);
  });
});
