import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  active,
  ended,
  engineOn,
  pause,
  pidIn,
  recordOf,
  runs,
  shell,
  submit,
  temporaryFolder,
  until,
  waitFor,
} from "./local-bench.ts";

const host = fileURLToPath(new URL("./local-host.ts", import.meta.url));

/** Runs a host, reads the ids of its jobs and leaves it running. */
async function startHost(
  stateDir: string,
  scripts: string[],
): Promise<{ ids: string[]; kill: () => Promise<void> }> {
  const child = spawn(
    process.execPath,
    ["--conditions=@parley/source", "--import", "tsx", host, stateDir, ...scripts],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ids: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (line === "ready") break;
    ids.push(line);
  }
  const kill = async (): Promise<void> => {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  return { ids, kill };
}

describe("a local engine whose process is killed", () => {
  test("its jobs go on, and a new engine sees them and the queue through", async () => {
    const stateDir = await temporaryFolder();
    const folder = await temporaryFolder();
    const gate = join(folder, "gate");
    const log = join(folder, "log");
    const { ids, kill } = await startHost(stateDir, [
      `echo first >> ${log}; ${waitFor(gate)}; echo out; exit 5`,
      `echo second >> ${log}`,
      `echo third >> ${log}; exit 3`,
    ]);
    const [first = "", second = "", third = ""] = ids;
    await until(async () => (await readFile(log, "utf8").catch(() => "")) === "first\n");
    await kill();

    const engine = engineOn(stateDir);
    expect(await engine.status(first)).toMatchObject({ state: "ACTIVE" });
    expect(await engine.status(second)).toMatchObject({ state: "QUEUED" });
    expect(await engine.workload()).toMatchObject({
      runningJobs: 1,
      pendingJobs: 2,
      nodeGroups: [{ idleCores: 0 }],
    });
    expect(await engine.find("host-0")).toBe(first);
    expect(await submit(engine, shell("exit 9"), "host-0")).toBe(first);
    await writeFile(gate, "");

    expect(await ended(engine, first)).toMatchObject({ state: "FAILED", exitCode: 5 });
    expect((await engine.logs(first)).text).toBe("out\n");
    expect(await ended(engine, second)).toMatchObject({ state: "COMPLETED", exitCode: 0 });
    expect(await ended(engine, third)).toMatchObject({ state: "FAILED", exitCode: 3 });
    expect(await readFile(log, "utf8")).toBe("first\nsecond\nthird\n");
  });
});

describe("a local job whose runner is killed", () => {
  test("is FAILED with the reason, its processes are ended and it never runs again", async () => {
    const stateDir = await temporaryFolder();
    const folder = await temporaryFolder();
    const engine = engineOn(stateDir);
    const pidFile = join(folder, "pid");
    const id = await submit(engine, shell(`echo $$ >> ${pidFile}; while :; do sleep 0.05; done`));
    const job = await pidIn(pidFile);
    const { pid: runner } = await recordOf(stateDir, id, "begin.json");
    // What the runner has not noted yet cannot be ended without it.
    await until(() => recordOf(stateDir, id, "child.json").catch(() => undefined));
    process.kill(Number(runner), "SIGKILL");
    expect(await ended(engine, id)).toMatchObject({
      state: "FAILED",
      reason: expect.stringContaining("was killed"),
    });
    await until(async () => !runs(job));
    const next = await submit(engine, shell("true"));
    expect(await ended(engine, next)).toMatchObject({ state: "COMPLETED" });
    expect(await readFile(pidFile, "utf8")).toBe(`${job}\n`);
  });

  test("a pid that now belongs to another process is not taken for the runner, nor signalled", async () => {
    const stateDir = await temporaryFolder();
    const engine = engineOn(stateDir, { allow: ["sleep"], cores: 2 });
    const bystander = spawn("sleep", ["60"], { stdio: "ignore", detached: true });
    const id = await submit(engineOn(stateDir, { allow: [], cores: 2 }), shell("true")).catch(() => "");
    expect(id).toBe("");
    const blocked = await submit(engine, { ...shell(""), command: ["sleep", "60"] });
    await active(engine, blocked);
    // The same job as it would be found after a restart of the machine.
    const forged = "local-0123456789abcdef".slice(0, 22);
    const folder = join(stateDir, "jobs", forged);
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "job.json"),
      JSON.stringify({ ...(await recordOf(stateDir, blocked, "job.json")), id: forged }),
    );
    const stale = { pid: bystander.pid, identity: "another-boot:1" };
    await writeFile(
      join(folder, "begin.json"),
      JSON.stringify({ action: "start", at: new Date().toISOString(), ...stale }),
    );
    await writeFile(join(folder, "child.json"), JSON.stringify(stale));
    expect(await engine.status(forged)).toMatchObject({ state: "FAILED" });
    await engine.cancel(forged);
    await pause(100);
    expect(runs(bystander.pid ?? 0)).toBe(true);
    bystander.kill("SIGKILL");
    await engine.cancel(blocked);
    await ended(engine, blocked);
  });
});

describe("two local engines on one directory", () => {
  test("only one schedules, the other takes over when it closes", async () => {
    const stateDir = await temporaryFolder();
    const gate = join(await temporaryFolder(), "gate");
    const one = engineOn(stateDir);
    const first = await submit(one, shell(waitFor(gate)));
    await active(one, first);
    const two = engineOn(stateDir);
    const second = await submit(two, shell("sleep 60"));
    expect(await two.status(second)).toMatchObject({ state: "QUEUED" });
    await writeFile(gate, "");
    await ended(two, first);
    await active(two, second);
    const locks = (await readdir(stateDir)).filter((name) => name.startsWith("scheduler."));
    expect(locks).toHaveLength(1);
    await one.close();
    const third = await submit(two, shell("echo third"));
    await two.cancel(second);
    expect(await ended(two, second)).toMatchObject({ state: "CANCELED" });
    expect(await ended(two, third)).toMatchObject({ state: "COMPLETED" });
  });

  test("a lock of a dead process is taken over, an unreadable one too", async () => {
    const stateDir = await temporaryFolder();
    await writeFile(
      join(stateDir, "scheduler.3.json"),
      JSON.stringify({ pid: process.pid, identity: "another-boot:1" }),
    );
    const engine = engineOn(stateDir);
    expect(await ended(engine, await submit(engine, shell("true")))).toMatchObject({ state: "COMPLETED" });
    expect((await readdir(stateDir)).toSorted()).toEqual(["jobs", "scheduler.4.json"]);
    await engine.close();
    await writeFile(join(stateDir, "scheduler.9.json"), "{");
    const next = engineOn(stateDir);
    expect(await ended(next, await submit(next, shell("true")))).toMatchObject({ state: "COMPLETED" });
  });

  test("racing submits of one tag are one job that runs once", async () => {
    const stateDir = await temporaryFolder();
    const folder = await temporaryFolder();
    const engines = [engineOn(stateDir), engineOn(stateDir), engineOn(stateDir)];
    const race = engines.flatMap((engine) => [engine, engine, engine, engine]);
    const ids = await Promise.all(
      race.map((engine) => submit(engine, shell(`echo ran >> ${folder}/log`), "same")),
    );
    const [id = ""] = ids;
    expect(new Set(ids)).toEqual(new Set([id]));
    await ended(engineOn(stateDir), id);
    await pause(200);
    expect(await readFile(join(folder, "log"), "utf8")).toBe("ran\n");
    expect(await readdir(join(stateDir, "jobs"))).toEqual([id]);
  });
});

test("jobs run in the order of their submission", async () => {
  const stateDir = await temporaryFolder();
  const log = join(await temporaryFolder(), "log");
  const engine = engineOn(stateDir);
  const ids: string[] = [];
  for (let turn = 0; turn < 12; turn += 1) ids.push(await submit(engine, shell(`echo ${turn} >> ${log}`)));
  for (const id of ids) expect(await ended(engine, id)).toMatchObject({ state: "COMPLETED" });
  expect((await readFile(log, "utf8")).trim().split("\n").map(Number)).toEqual(ids.map((_, turn) => turn));
});

test("200 quick jobs from two engines start in the order of their submission, each once", async () => {
  const stateDir = await temporaryFolder();
  const started: string[] = [];
  // Stands in for the runner process, which takes most of the time of a quick job.
  const launch = async (folder: string): Promise<undefined> => {
    started.push(basename(folder));
    const at = new Date().toISOString();
    const { pid } = process;
    await writeFile(
      join(folder, "begin.json"),
      JSON.stringify({ action: "start", at, pid, identity: "over" }),
    );
    await writeFile(
      join(folder, "exit.json"),
      JSON.stringify({ state: "COMPLETED", finishedAt: at, exitCode: 0 }),
    );
  };
  const engines = [engineOn(stateDir, { launch }), engineOn(stateDir, { launch })] as const;
  const ids: string[] = [];
  for (let turn = 0; turn < 200; turn += 1)
    ids.push(await submit(engines[turn % 2 === 0 ? 0 : 1], shell("true")));
  for (const id of ids) expect(await ended(engines[1], id)).toMatchObject({ state: "COMPLETED" });
  expect(started).toEqual(ids);
}, 60_000);

test("a runner that cannot be started is a failed job", async () => {
  const engine = engineOn(await temporaryFolder(), { launch: async () => "spawn EAGAIN" });
  const id = await submit(engine, shell("true"));
  expect(await ended(engine, id)).toMatchObject({
    state: "FAILED",
    reason: "its runner could not be started: spawn EAGAIN",
  });
});

test("an unreadable record is reported and does not stop the queue", async () => {
  const stateDir = await temporaryFolder();
  const engine = engineOn(stateDir);
  const id = await submit(engine, shell("true"));
  await ended(engine, id);
  await writeFile(join(stateDir, "jobs", id, "exit.json"), "{");
  const strange = "local-0000000000000001";
  await mkdir(join(stateDir, "jobs", strange));
  await writeFile(join(stateDir, "jobs", strange, "job.json"), '{"id":7}');
  const next = engineOn(stateDir);
  await expect(next.status(id)).rejects.toMatchObject({ code: "E_ENGINE_OUTPUT" });
  await expect(next.status(strange)).rejects.toMatchObject({ code: "E_ENGINE_OUTPUT" });
  expect(await ended(next, await submit(next, shell("true")))).toMatchObject({ state: "COMPLETED" });
});
