import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, readFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createJsonDatabase } from "@parley/databases";
import { assert, property, string, tuple } from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeName, encodeName } from "../src/json/_names.ts";
import { newToken, thisProcess } from "../src/json/_owner.ts";
import { codeOf, scratch } from "./_stores.ts";

let directory: string;
let remove: () => Promise<void>;
beforeEach(async () => ({ directory, remove } = await scratch()));
afterEach(async () => await remove());

const open = (lockWaitMs?: number) => createJsonDatabase({ directory, lockWaitMs });

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

async function leaveLock(name: string, owner: object): Promise<string> {
  await mkdir(join(directory, "records", "jobs"), { recursive: true });
  const path = join(directory, "records", "jobs", name);
  await writeFile(path, JSON.stringify({ token: newToken(), ...(await thisProcess()), ...owner }));
  return path;
}

describe("after a crash", () => {
  it("takes over the lock of a dead process, once among many writers", async () => {
    await leaveLock("a.lock", { pid: await deadPid() });
    const handles = [open(), open(), open()];
    const writes = handles.map((database) => database.put("jobs", "a", 1, { ifVersion: 0 }));
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await Promise.all(handles.map((database) => database.close()));
    expect(await readdir(join(directory, "records", "jobs"))).toEqual(["a.json"]);
    expect(await readdir(join(directory, "tmp"))).toEqual([]);
  });

  it("takes over from a process that died while it took over", async () => {
    const pid = await deadPid();
    await leaveLock("a.lock", { pid, token: "first" });
    await leaveLock("a.lock.first", { pid, token: "second" });
    await open().put("jobs", "a", 1);
    expect(await readdir(join(directory, "records", "jobs"))).toEqual(["a.json"]);
  });

  it("takes over a lock whose pid now belongs to another process", async () => {
    await leaveLock("a.lock", { started: "1" });
    expect(await open().put("jobs", "a", 1)).toMatchObject({ version: 1 });
  });

  it("takes over a lock that a power failure left empty", async () => {
    await leaveLock("a.lock", {});
    await writeFile(join(directory, "records", "jobs", "a.lock"), "");
    expect(await open().put("jobs", "a", 1)).toMatchObject({ version: 1 });
  });

  it("waits for a living owner and says who is asked to try again", async () => {
    await leaveLock("a.lock", {});
    await expect(open(30).put("jobs", "a", 1)).rejects.toMatchObject({
      code: "E_DATABASE_IO",
      retryable: true,
    });
    expect(await open().put("jobs", "b", 1)).toMatchObject({ version: 1 });
  });

  it("waits for a fresh lock of another host and takes over an old one", async () => {
    const path = await leaveLock("a.lock", { realm: "elsewhere" });
    expect(await codeOf(open(30).put("jobs", "a", 1))).toBe("E_DATABASE_IO");
    const past = new Date(Date.now() - 60_000);
    await utimes(path, past, past);
    expect(await open().put("jobs", "a", 1)).toMatchObject({ version: 1 });
  });

  it("ignores a torn last line and repairs it with the next entry", async () => {
    const database = open();
    await database.append("log", "one");
    const file = join(directory, "streams", "log.ndjson");
    await appendFile(file, '{"seq":2,"at":"2026-01-01T00:00:00.000Z","val');
    expect(await database.read("log")).toMatchObject([{ seq: 1 }]);
    expect(await open().append("log", "two")).toMatchObject({ seq: 2 });
    expect(await database.append("log", "three")).toMatchObject({ seq: 3 });
    expect((await readFile(file, "utf8")).split("\n")).toHaveLength(4);
  });

  it("sweeps half-written files once they are an hour old", async () => {
    await mkdir(join(directory, "tmp"), { recursive: true });
    await writeFile(join(directory, "tmp", "old.tmp"), "{");
    await writeFile(join(directory, "tmp", "new.tmp"), "{");
    const past = new Date(Date.now() - 7_200_000);
    await utimes(join(directory, "tmp", "old.tmp"), past, past);
    await open().put("jobs", "a", 1);
    expect(await readdir(join(directory, "tmp"))).toEqual(["new.tmp"]);
  });
});

describe("a damaged store", () => {
  it.each(["", "{", "[]", '{"id":"a","version":0,"value":1}', '{"id":"b","version":1,"value":1}'])(
    "names the file of a record that reads %j and serves the others",
    async (text) => {
      const database = open();
      await database.put("jobs", "a", 1);
      await database.put("jobs", "c", 2);
      const file = join(directory, "records", "jobs", "a.json");
      await writeFile(file, text);
      await expect(database.get("jobs", "a")).rejects.toMatchObject({
        code: "E_DATABASE_CORRUPT",
        details: { file },
      });
      expect(await codeOf(database.put("jobs", "a", 3))).toBe("E_DATABASE_CORRUPT");
      expect(await codeOf(database.list("jobs"))).toBe("E_DATABASE_CORRUPT");
      expect(await database.list("jobs", { after: "a" })).toMatchObject([{ id: "c" }]);
      expect(await database.get("jobs", "c")).toMatchObject({ value: 2 });
      expect(await database.delete("jobs", "a")).toBe(true);
      expect(await database.list("jobs")).toHaveLength(1);
    },
  );

  it("names the place of a damaged stream entry", async () => {
    const database = open();
    await database.append("log", 1);
    await appendFile(join(directory, "streams", "log.ndjson"), "garbage\n");
    await expect(database.read("log")).rejects.toThrow(/log\.ndjson at byte \d+/);
    expect(await codeOf(database.append("log", 2))).toBe("E_DATABASE_CORRUPT");
    expect(await database.append("other", 2)).toMatchObject({ seq: 1 });
  });

  it("refuses a stream whose numbers run backwards", async () => {
    const entry = '{"seq":1,"at":"2026-01-01T00:00:00.000Z","value":1}\n';
    await mkdir(join(directory, "streams"), { recursive: true });
    await writeFile(join(directory, "streams", "log.ndjson"), entry + entry);
    expect(await codeOf(open().read("log"))).toBe("E_DATABASE_CORRUPT");
  });

  it("ignores files that are not its own", async () => {
    const database = open();
    await database.put("jobs", "a", 1);
    for (const name of ["b.json.tmp", "UPPER.json", "%zz.json", ".json", "notes.txt"]) {
      await writeFile(join(directory, "records", "jobs", name), "x");
    }
    expect((await database.list("jobs")).map(({ id }) => id)).toEqual(["a"]);
  });

  it("says which path it cannot use, and recovers when it can", async () => {
    await writeFile(join(directory, "tmp"), "in the way");
    const database = open();
    await expect(database.put("jobs", "a", 1)).rejects.toMatchObject({ code: "E_DATABASE_IO" });
    await rm(join(directory, "tmp"));
    expect(await database.put("jobs", "a", 1)).toMatchObject({ version: 1 });
  });
});

describe("file names", () => {
  const anyText = string({ unit: "binary", minLength: 1 });

  it("are safe and short for any text", () => {
    assert(
      property(anyText, (text) => {
        expect(encodeName(text)).toMatch(/^(~[0-9a-f]{64}|[a-z0-9_%-][a-z0-9_.%-]{0,183})$/);
      }),
    );
  });

  it("give back every text short enough to be kept", () => {
    assert(
      property(string({ unit: "binary", minLength: 1, maxLength: 15 }), (text) => {
        expect(decodeName(encodeName(text))).toBe(text);
      }),
    );
  });

  it("differ where texts differ", () => {
    const pairs = tuple(anyText, anyText).filter(([left, right]) => left !== right);
    assert(
      property(pairs, ([left, right]) => {
        expect(encodeName(left)).not.toBe(encodeName(right));
      }),
    );
  });
});
