import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createQueue } from "@parley/queue";
import { fakeClock } from "@parley/testing";
import Client from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { migrate, migrations } from "../src/_migrations.ts";
import { accepted, codeOf, errorOf, open, scratch, sqliteMissing } from "./_open.ts";

const missing = await sqliteMissing();
const root = fileURLToPath(new URL("../../..", import.meta.url));
const quiet = { sweepMs: 0, ownerWaitMs: 0 };

describe("the native module", () => {
  it.each([
    ["Could not locate the bindings file", "is not compiled"],
    ["was compiled against NODE_MODULE_VERSION 108", "another Node.js"],
    ["Cannot find package 'better-sqlite3'", "npm install better-sqlite3"],
  ])("is asked for in words when it fails with %s", async (text, advice) => {
    const load = () => Promise.reject(new Error(text));
    await expect(createQueue({ path: ":memory:", load })).rejects.toMatchObject({
      code: "E_DATABASE_DRIVER",
      message: expect.stringContaining(advice),
    });
  });
});

describe.skipIf(missing !== undefined)(`the file of a queue ${missing ?? ""}`, () => {
  it("has one owner, who is named, and the next one goes on where the last one stopped", async () => {
    const path = join(await scratch(), "deep", "q.db");
    const queue = await createQueue({ path, ...quiet });
    await expect(createQueue({ path, ...quiet })).rejects.toMatchObject({
      code: "E_QUEUE_OWNED",
      message: expect.stringContaining(`process ${process.pid}`),
      retryable: true,
    });
    const first = accepted(await queue.submit({ payload: "kept" }));
    const waiting = createQueue({ path, sweepMs: 0, ownerWaitMs: 5000 });
    const late = queue.submit({ payload: "written while closing" });
    await queue.close();
    await queue.close();
    expect(codeOf(await late)).toBe("ok");
    expect(await errorOf(queue.submit({}))).toBe("E_DATABASE_IO");
    expect(await errorOf(queue.get(first.id))).toBe("E_DATABASE_IO");
    const next = await waiting;
    expect((await next.list()).tasks.map(({ payload }) => payload)).toEqual([
      "kept",
      "written while closing",
    ]);
    expect((await next.check()).problems).toEqual([]);
    await next.close();
  });

  it("is taken over from a killed owner with every acknowledged task", async () => {
    const path = join(await scratch(), "q.db");
    const program = fileURLToPath(new URL("_child.ts", import.meta.url));
    const flags = ["--conditions=@parley/source", "--import", "tsx", program, path];
    const child = spawn(process.execPath, flags, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (printed.length > 4000) child.kill("SIGKILL");
    });
    await once(child, "close");
    const acknowledged = printed.split("\n").slice(0, -1);
    const queue = await createQueue({ path, ...quiet });
    const stored = new Set((await queue.list({ limit: 1000 })).tasks.map(({ id }) => id));
    expect(acknowledged.length).toBeGreaterThan(50);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect((await queue.check()).problems).toEqual([]);
    await queue.close();
  });

  it("gives running tasks a new lease at start, whatever the wall clock did meanwhile", async () => {
    const path = join(await scratch(), "q.db");
    for (const wall of [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1, 0, 5), Date.UTC(2025, 11, 31, 23, 55)]) {
      let steady = 0;
      const queue = await createQueue({ path, ...quiet, clock: fakeClock(wall), monotonicMs: () => steady });
      if ((await queue.list()).tasks.length === 0) await queue.submit({});
      const [lease] = await queue.claim({ worker: "w" });
      if (lease) await writeFile(`${path}.lease`, JSON.stringify(lease));
      expect(await queue.claim({ worker: "thief" })).toEqual([]);
      steady = 29_000;
      await queue.sweep();
      expect(await queue.claim({ worker: "thief" })).toEqual([]);
      expect(codeOf(await queue.heartbeat(JSON.parse(await readFile(`${path}.lease`, "utf8"))))).toBe("ok");
      expect((await queue.check()).problems).toEqual([]);
      await queue.close();
    }
  });

  it("keeps retries, pauses, parked tasks and priorities over a restart with other options", async () => {
    const path = join(await scratch(), "q.db");
    const first = await createQueue({
      path,
      ...quiet,
      limits: { perKey: 1 },
      random: () => 1,
      backoff: { baseMs: 300_000, capMs: 300_000 },
    });
    for (let index = 0; index < 3; index += 1) await first.submit({ concurrencyKey: "k", priority: 3 });
    const [lease] = await first.claim({ worker: "w" });
    await first.claim({ worker: "w" });
    if (lease) await first.fail(lease, { class: "retryable", message: "x" });
    await first.pauseQueue("default");
    await first.close();
    const clock = fakeClock(Date.now());
    let steady = 0;
    const second = await createQueue({
      path,
      ...quiet,
      clock,
      monotonicMs: () => steady,
      agingMs: 1,
      backoff: { baseMs: 1, capMs: 1000 },
    });
    expect(await second.claim({ worker: "w" })).toEqual([]);
    await second.resumeQueue("default");
    expect(await second.claim({ worker: "w", limit: 10 })).toHaveLength(2);
    steady += 1000;
    expect(await second.claim({ worker: "w", limit: 10 })).toHaveLength(1);
    expect((await second.check()).problems).toEqual([]);
    await second.close();
  });

  it("[DUR-03] recovers every acknowledged operation from a WAL cut at any byte", async () => {
    const directory = await scratch();
    const path = join(directory, "q.db");
    const queue = await createQueue({ path, ...quiet });
    const acknowledged: { walBytes: number; id: string; state: string }[] = [];
    const acknowledge = async (outcome: { id: string; state: string }): Promise<void> => {
      acknowledged.push({ walBytes: (await stat(`${path}-wal`)).size, id: outcome.id, state: outcome.state });
    };
    for (let index = 0; index < 8; index += 1)
      await acknowledge(accepted(await queue.submit({ payload: index })));
    for (let index = 0; index < 5; index += 1) {
      const [lease] = await queue.claim({ worker: "w" });
      if (!lease) continue;
      await acknowledge({ id: lease.id, state: "running" });
      await acknowledge(accepted(await queue.complete(lease, index)));
    }
    await Promise.all(["", "-wal"].map((end) => copyFile(path + end, join(directory, `copy.db${end}`))));
    await queue.close();
    const copy = join(directory, "copy.db");
    const cut = join(directory, "cut.db");
    const size = (await stat(`${copy}-wal`)).size;
    const firstAck = acknowledged[0]?.walBytes ?? 0;
    for (let bytes = size; bytes >= firstAck; bytes -= Math.ceil(size / 60)) {
      await copyFile(copy, cut);
      await copyFile(`${copy}-wal`, `${cut}-wal`);
      await truncate(`${cut}-wal`, bytes);
      const reopened = await createQueue({ path: cut, ...quiet, integrityCheck: "always" });
      const states = new Map((await reopened.list()).tasks.map(({ id, state }) => [id, state]));
      const promised = new Map(
        acknowledged.filter(({ walBytes }) => walBytes <= bytes).map(({ id, state }) => [id, state]),
      );
      const order = ["pending", "running", "completed"];
      for (const [id, state] of promised)
        expect(order.indexOf(states.get(id) ?? "")).toBeGreaterThanOrEqual(order.indexOf(state));
      expect((await reopened.check()).problems).toEqual([]);
      await reopened.close();
    }
  }, 15_000);

  it("[DUR-04] stops taking tasks when its quota is nearly used, ends what runs, reads, and recovers", async () => {
    const path = join(await scratch(), "q.db");
    const limited = { path, ...quiet, maxBytes: 400_000, clock: fakeClock() };
    const queue = await createQueue(limited);
    const leases = [];
    let full = "none";
    for (let index = 0; full === "none"; index += 1) {
      full = await errorOf(queue.submit({ payload: "x".repeat(2000) }));
      if (index < 10) leases.push(...(await queue.claim({ worker: "w" })));
    }
    expect(full).toBe("E_QUEUE_DISK_FULL");
    for (const lease of leases) expect(codeOf(await queue.complete(lease, "done"))).toBe("ok");
    expect((await queue.list({ states: ["completed"] })).tasks).toHaveLength(10);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, () =>
        queue.claim({ worker: "w" }).then(([lease]) => lease && queue.complete(lease, "y".repeat(3000))),
      ),
    );
    expect(outcomes.some(({ status }) => status === "rejected")).toBe(true);
    expect((await queue.check()).problems).toEqual([]);
    expect((await queue.list()).tasks.length).toBeGreaterThan(50);
    await queue.close();
    const roomy = await createQueue({ ...limited, maxBytes: 4_000_000 });
    expect(codeOf(await roomy.submit({}))).toBe("ok");
    expect((await roomy.check()).problems).toEqual([]);
    await roomy.close();
  });

  it("copies itself while in use, and never over another file", async () => {
    const directory = await scratch();
    const { queue, submit } = await open({ path: join(directory, "q.db") });
    await submit({ payload: "kept" });
    const target = join(directory, "backup.db");
    const [copied] = await Promise.all([queue.backup(target), submit(), submit()]);
    expect(copied).toBeUndefined();
    expect(await errorOf(queue.backup(target))).toBe("E_DATABASE_EXISTS");
    expect(await errorOf(queue.backup(join(directory, "no", "where.db")))).not.toBe("none");
    const copy = await createQueue({ path: target, ...quiet });
    expect((await copy.list()).tasks[0]?.payload).toBe("kept");
    expect((await copy.check()).problems).toEqual([]);
    await copy.close();
  });

  it("says when it is damaged, foreign, or from a newer release", async () => {
    const directory = await scratch();
    const garbage = join(directory, "garbage.db");
    await writeFile(garbage, "not a database, surely not".repeat(500));
    expect(await errorOf(createQueue({ path: garbage, ...quiet }))).toBe("E_DATABASE_CORRUPT");
    const foreign = join(directory, "foreign.db");
    const other = new Client(foreign);
    other.exec("CREATE TABLE tasks (id)");
    other.close();
    await expect(createQueue({ path: foreign, ...quiet })).rejects.toThrow(/other tables/);
    const path = join(directory, "q.db");
    await (await createQueue({ path, ...quiet })).close();
    const client = new Client(path);
    client.pragma("user_version = 99");
    client.close();
    await expect(createQueue({ path, ...quiet })).rejects.toThrow(/layout 99/);
  });

  it("migrates a populated file up and down", async () => {
    const path = join(await scratch(), "q.db");
    const queue = await createQueue({ path, ...quiet });
    for (let index = 0; index < 10; index += 1) await queue.submit({ payload: index });
    await queue.close();
    const steps = [
      ...migrations,
      { up: "ALTER TABLE tasks ADD COLUMN colour TEXT", down: "ALTER TABLE tasks DROP COLUMN colour" },
    ];
    const client = new Client(path);
    migrate(client, { path, steps });
    expect(client.prepare("SELECT count(*) AS n FROM tasks WHERE colour IS NULL").get()).toEqual({ n: 10 });
    expect(client.pragma("user_version", { simple: true })).toBe(steps.length);
    const broken = [...steps, { up: "CREATE TABLE half (a); SELECT * FROM nowhere", down: "" }];
    expect(() => migrate(client, { path, steps: broken })).toThrow(/nowhere/);
    expect(client.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'half'").get()).toEqual({
      n: 0,
    });
    migrate(client, { path, steps, target: 1 });
    client.close();
    const again = await createQueue({ path, ...quiet });
    expect((await again.list()).tasks).toHaveLength(10);
    await again.close();
    const bare = new Client(path);
    migrate(bare, { path, target: 0 });
    expect(bare.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'").get()).toEqual({
      n: 0,
    });
    bare.close();
  });

  it("finds rows and events that were changed behind its back", async () => {
    const path = join(await scratch(), "q.db");
    const queue = await createQueue({ path, ...quiet });
    for (let index = 0; index < 3; index += 1) await queue.submit({});
    await queue.close();
    const client = new Client(path);
    client.exec(`UPDATE tasks SET failures = 7 WHERE seq = 1; UPDATE events SET actor = 'mallory' WHERE seq = 2;
      DELETE FROM events WHERE seq = 3; UPDATE counts SET tasks = 9`);
    expect(() => client.exec("UPDATE tasks SET state = 'completed' WHERE seq = 1")).toThrow(/CHECK/);
    client.close();
    const opened = await createQueue({ path, ...quiet });
    const { ok, problems } = await opened.check();
    expect(ok).toBe(false);
    expect(problems.join("\n")).toMatch(
      /Event 2 was changed[^]*failures is 7, the log says 0[^]*has no task[^]*count of pending/,
    );
    await opened.close();
  });

  it("refuses calls beyond its bound instead of growing", async () => {
    const { queue } = await open({ maxWaiting: 5 });
    const codes = await Promise.all(Array.from({ length: 8 }, () => errorOf(queue.submit({}))));
    expect(codes.filter((code) => code === "E_QUEUE_BUSY")).toHaveLength(3);
    expect(codeOf(await queue.submit({}))).toBe("ok");
  });
});
