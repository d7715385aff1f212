import { chmod, copyFile, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { JobSpec, Workload } from "@parley/core";
import { fakeClock } from "@parley/testing";
import * as fc from "fast-check";
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

const spec = (...command: string[]): JobSpec => JobSpec.parse({ command });

const asks = (tasks: number): JobSpec => shell("sleep 60", { resources: { tasks } });

describe("the allow list", () => {
  test("refuses what is not on it, however it is named, and says how to allow it", async () => {
    const folder = await temporaryFolder();
    await symlink("/bin/sh", join(folder, "sleep"));
    await symlink("/bin/sleep", join(folder, "nap"));
    const engine = engineOn(await temporaryFolder(), { allow: ["sleep"] });
    const refused = [
      ["sh", "-c", "id"],
      ["/bin/sh", "-c", "id"],
      [join(folder, "sleep"), "-c", "id"],
      [join(folder, "nap"), "1"],
      ["/bin/../bin/sleep", "1"],
      ["/bin/./sleep", "1"],
      ["../bin/sleep", "1"],
      ["./sleep"],
      ["/bin//sleep"],
      ["sleep/"],
      ["parley-no-such-program"],
      [""],
      ["sleep\0sh"],
    ];
    for (const command of refused) {
      await expect(engine.submit({ ...spec("x"), command }, { tag: "a" })).rejects.toMatchObject({
        code: "E_ENGINE_REFUSED",
        message: expect.stringContaining("--local-allow"),
      });
    }
    await expect(engine.submit({ ...spec("x"), command: [] }, { tag: "a" })).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
    expect(await engine.find("a")).toBeUndefined();
  });

  test("says that nothing is loaded here", async () => {
    const engine = engineOn(await temporaryFolder(), { allow: ["echo"] });
    const load = [{ via: "modules", name: "lammps/2023.08" } as const];
    await expect(submit(engine, { ...spec("echo"), load })).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
      message: "This machine's own engine loads no modules: name a program on PATH.",
    });
    expect(engine.loadsSoftware).toBeUndefined();
  });

  test("accepts the same program under both of its paths", async () => {
    const folder = await temporaryFolder();
    for (const name of ["bin", "usr"]) await mkdir(join(folder, name));
    const tool = join(folder, "bin", "tool");
    await copyFile("/bin/echo", tool);
    await chmod(tool, 0o755);
    await symlink(tool, join(folder, "usr", "tool"));
    const engine = engineOn(await temporaryFolder(), { allow: [tool] });
    for (const path of [tool, join(folder, "usr", "tool")]) {
      expect(await ended(engine, await submit(engine, spec(path, "hi")))).toMatchObject({
        state: "COMPLETED",
      });
    }
  });

  test("empty turns the engine off and says why", async () => {
    const stateDir = await temporaryFolder();
    const engine = engineOn(stateDir, { allow: [] });
    expect(await engine.workload()).toMatchObject({
      manager: "local",
      status: "absent",
      canSubmit: false,
      reason: expect.stringContaining("--local-allow"),
    });
    await expect(submit(engine, shell("true"))).rejects.toMatchObject({ code: "E_ENGINE_REFUSED" });
    expect(await engine.estimate?.(shell("true"))).toBeUndefined();
    expect(await readdir(stateDir)).toEqual([]);
  });

  test("a queued job whose program was struck from the list fails instead of running", async () => {
    const stateDir = await temporaryFolder();
    const gate = join(await temporaryFolder(), "gate");
    const before = engineOn(stateDir);
    const running = await submit(before, shell(waitFor(gate)));
    const waiting = await submit(before, shell("echo no"));
    await active(before, running);
    await before.close();
    const after = engineOn(stateDir, { allow: ["sleep"] });
    await writeFile(gate, "");
    expect(await ended(after, waiting)).toMatchObject({
      state: "FAILED",
      reason: expect.stringContaining("not on the list"),
    });
    expect(await ended(after, running)).toMatchObject({ state: "COMPLETED" });
  });
});

describe("what a job gets", () => {
  test("a small environment, a fresh directory and no secrets of the worker", async () => {
    process.env["PARLEY_TEST_SECRET"] = "s3cret";
    const engine = engineOn(await temporaryFolder(), { allow: ["env", "pwd"] });
    const id = await submit(engine, { ...spec("env"), environment: { MODE: "a b\n$(id)" } });
    await ended(engine, id);
    const { text } = await engine.logs(id);
    expect(text).toContain("MODE=a b\n$(id)\n");
    expect(text).toContain(`PARLEY_JOB_ID=${id}\n`);
    expect(text).not.toContain("s3cret");
    const names = text.match(/^\w+(?==)/gm) ?? [];
    expect(["HOME", "LANG", "MODE", "PARLEY_JOB_ID", "PATH"]).toEqual(expect.arrayContaining(names));
    delete process.env["PARLEY_TEST_SECRET"];
    const here = await submit(engine, spec("pwd"));
    await ended(engine, here);
    expect((await engine.logs(here)).text).toMatch(new RegExp(`${here}/work\n$`));
  });

  test.each([
    ["LD_PRELOAD", "/tmp/evil.so"],
    ["PATH", "/tmp"],
    ["BASH_ENV", "/tmp/x"],
    ["_JAVA_OPTIONS", "-javaagent:/tmp/x.jar"],
    ["PYTHONBREAKPOINT", "os.system"],
    ["LUA_INIT_5_4", "os.execute('id')"],
    ["GIT_SSH_COMMAND", "/tmp/x"],
    ["MANPAGER", "/tmp/x"],
    ["R_PROFILE_USER", "/tmp/x"],
    ["PARLEY_JOB_ID", "x"],
    ["A=B", "x"],
    ["", "x"],
    ["ZERO", "a\0b"],
  ])("refuses the variable %j", async (name, value) => {
    const engine = engineOn(await temporaryFolder());
    await expect(submit(engine, shell("true", { environment: { [name]: value } }))).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
    });
  });

  test("its own directory when there is one, refused when there is not", async () => {
    const folder = await temporaryFolder();
    const engine = engineOn(await temporaryFolder());
    const id = await submit(engine, shell("pwd", { directory: folder }));
    await ended(engine, id);
    expect((await engine.logs(id)).text.trim()).toBe(folder);
    for (const directory of ["/no/such/place", "relative", "/etc/passwd", "/\0"]) {
      await expect(submit(engine, shell("pwd", { directory }))).rejects.toMatchObject({
        code: "E_ENGINE_REFUSED",
      });
    }
  });

  test("a directory that vanished before the start is a failure with a reason", async () => {
    const folder = await temporaryFolder();
    const gate = join(await temporaryFolder(), "gate");
    const engine = engineOn(await temporaryFolder());
    const blocker = await submit(engine, shell(`${waitFor(gate)}; rm -r ${folder}`));
    const id = await submit(engine, shell("pwd", { directory: folder }));
    await writeFile(gate, "");
    await ended(engine, blocker);
    expect(await ended(engine, id)).toMatchObject({
      state: "FAILED",
      reason: expect.stringContaining("could not be started"),
    });
  });

  test("refusals name the numbers, and zero bytes and odd tags are refused", async () => {
    const engine = engineOn(await temporaryFolder());
    const submitFor = (resources: JobSpec["resources"]): Promise<string> =>
      submit(engine, shell("true", { resources }));
    await expect(submitFor({ tasks: 4, coresPerTask: 2 })).rejects.toThrow(
      "asks for 8 cores; this machine has 1",
    );
    await expect(submitFor({ nodes: 3 })).rejects.toThrow("asks for 3 nodes; this machine is 1");
    await expect(submitFor({ memoryBytesPerNode: 2 ** 40 })).rejects.toThrow(
      "1 TiB of memory; this machine has 1 GiB",
    );
    await expect(submitFor({ tasks: -1 })).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    await expect(submit(engine, spec("sh", "a\0b"))).rejects.toMatchObject({ code: "E_ENGINE_REFUSED" });
    for (const tag of ["", "a b", "../x", "x".repeat(129)]) {
      await expect(submit(engine, shell("true"), tag)).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    }
  });

  test("the shown command line hides secrets", async () => {
    const engine = engineOn(await temporaryFolder());
    const { spec: shown } = await engine.submit(spec("true", "--token", "abc123", "a b"), { tag: "shown" });
    expect(shown).toBe('true --token [redacted] "a b"');
  });
});

describe("how a job ends", () => {
  test("its walltime", async () => {
    const engine = engineOn(await temporaryFolder());
    const id = await submit(engine, shell("sleep 60", { walltimeSeconds: 1 }));
    expect(await ended(engine, id)).toMatchObject({ state: "FAILED", reason: "walltime exceeded" });
  });

  test("a signal of its own", async () => {
    const engine = engineOn(await temporaryFolder());
    const status = await ended(engine, await submit(engine, shell("kill -SEGV $$")));
    expect(status).toMatchObject({ state: "FAILED", reason: "ended by SIGSEGV" });
    expect(status).not.toHaveProperty("exitCode");
  });

  test("cancel ends its grandchildren too", async () => {
    const folder = await temporaryFolder();
    const engine = engineOn(await temporaryFolder());
    const script = `sh -c 'echo $$ > ${folder}/pid; while :; do sleep 0.05; done' & wait`;
    const id = await submit(engine, shell(script));
    const grandchild = await pidIn(join(folder, "pid"));
    expect(runs(grandchild)).toBe(true);
    await engine.cancel(id);
    expect(await ended(engine, id)).toMatchObject({ state: "CANCELED" });
    await until(async () => !runs(grandchild));
  });

  test("processes it leaves behind end with it", async () => {
    const folder = await temporaryFolder();
    const engine = engineOn(await temporaryFolder());
    const id = await submit(engine, shell(`sleep 60 & echo $! > ${folder}/pid`));
    expect(await ended(engine, id)).toMatchObject({ state: "COMPLETED" });
    const left = await pidIn(join(folder, "pid"));
    await until(async () => !runs(left));
  });

  test("its runner is told to end: the job is FAILED and ended, not lost", async () => {
    const stateDir = await temporaryFolder();
    const engine = engineOn(stateDir);
    const id = await submit(engine, shell("sleep 60"));
    await active(engine, id);
    const { pid } = await recordOf(stateDir, id, "begin.json");
    await pause(100);
    process.kill(Number(pid), "SIGTERM");
    expect(await ended(engine, id)).toMatchObject({ state: "FAILED", reason: "the runner was told to end" });
  });
});

describe("the output of a job", () => {
  test("is bounded, and the cut is noted", async () => {
    const engine = engineOn(await temporaryFolder(), { maxOutputBytes: 10 });
    const id = await submit(engine, shell("printf 0123456789abcdef; printf 0123456789abcdef; echo err >&2"));
    await ended(engine, id);
    expect((await engine.logs(id)).text).toBe("0123456789\n[output past 10 bytes was not kept]\n");
    expect((await engine.logs(id, { stream: "stderr" })).text).toBe("err\n");
  });

  test("can be followed while it runs and is complete only at the end", async () => {
    const folder = await temporaryFolder();
    const engine = engineOn(await temporaryFolder());
    const id = await submit(
      engine,
      shell(`printf 'one \\303'; while [ ! -e ${folder}/go ]; do sleep 0.05; done; printf '\\274'`),
    );
    const chunk = await until(async () => {
      const read = await engine.logs(id);
      return read.text !== "" && read;
    });
    expect(chunk).toMatchObject({ text: "one ", complete: false });
    await writeFile(join(folder, "go"), "");
    await ended(engine, id);
    expect(await engine.logs(id, { cursor: chunk.cursor })).toMatchObject({ text: "ü", complete: true });
    expect(await engine.logs(id, { cursor: "999999" })).toMatchObject({ text: "", complete: true });
    for (const cursor of ["x", "-1", "1e3", ""]) {
      await expect(engine.logs(id, { cursor })).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    }
  });

  test("read in pieces of any size it is the same text", async () => {
    const stateDir = await temporaryFolder();
    const engine = engineOn(stateDir);
    const id = await submit(engine, shell("true"));
    await ended(engine, id);
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.string({ unit: "binary", maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), async (written, maxBytes) => {
        await writeFile(join(stateDir, "jobs", id, "stdout"), written);
        let read = "";
        let cursor: string | undefined;
        for (let turn = 0; turn < 1000; turn += 1) {
          const chunk = await engine.logs(id, { cursor, maxBytes });
          read += chunk.text;
          cursor = chunk.cursor;
          if (chunk.complete) break;
        }
        expect(read).toBe(Buffer.from(written).toString("utf8"));
      }),
      { numRuns: 30 },
    );
  });
});

describe("the machine", () => {
  test("shows its idle cores, and estimates a start only when there is room", async () => {
    const clock = fakeClock();
    const engine = engineOn(await temporaryFolder(), { cores: 4, now: () => clock.now() });
    expect(await engine.estimate?.(asks(4))).toEqual({
      startAt: "2026-01-01T00:00:00.000Z",
      basis: "idle-capacity",
    });
    const id = await submit(engine, asks(3));
    await active(engine, id);
    expect(Workload.parse(await engine.workload())).toMatchObject({
      status: "present",
      canSubmit: true,
      runningJobs: 1,
      pendingJobs: 0,
      partitions: [{ name: "local", up: true, isDefault: true }],
      nodeGroups: [{ nodes: 1, idleNodes: 0, coresPerNode: 4, idleCores: 1, memoryBytesPerNode: 2 ** 30 }],
    });
    expect(await engine.estimate?.(asks(1))).toMatchObject({ basis: "idle-capacity" });
    expect(await engine.estimate?.(asks(2))).toBeUndefined();
    expect(await engine.estimate?.(asks(5))).toBeUndefined();
    await engine.cancel(id);
    await ended(engine, id);
  });

  test("a wide job at the head of the queue is not overtaken", async () => {
    const engine = engineOn(await temporaryFolder(), { cores: 2 });
    const running = await submit(engine, shell("sleep 60"));
    await active(engine, running);
    const wide = await submit(engine, shell("true", { resources: { exclusive: true } }));
    const narrow = await submit(engine, shell("true"));
    await pause(200);
    expect(await engine.status(narrow)).toMatchObject({ state: "QUEUED" });
    await engine.cancel(running);
    const [first, second] = [await ended(engine, wide), await ended(engine, narrow)];
    expect(Date.parse(second.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(first.finishedAt ?? ""));
  });

  test("takes a bounded number of jobs and remembers a bounded number of ended ones", async () => {
    const stateDir = await temporaryFolder();
    const engine = engineOn(stateDir, { maxJobs: 2, retainJobs: 1 });
    const first = await submit(engine, shell("sleep 60"));
    const second = await submit(engine, shell("true"));
    await expect(submit(engine, shell("true"))).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
      retryable: true,
    });
    await active(engine, first);
    await engine.cancel(first);
    await until(async () => (await readdir(join(stateDir, "jobs"))).length === 1);
    await expect(engine.status(first)).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
    expect(await engine.status(second)).toMatchObject({ state: "COMPLETED" });
  });

  test("a state directory that cannot be used is a failed workload, not an exception", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "");
    const engine = engineOn(join(folder, "file"));
    expect(await engine.workload()).toMatchObject({ status: "failed", canSubmit: false });
    await expect(submit(engine, shell("true"))).rejects.toMatchObject({ code: "E_ENGINE_UNREACHABLE" });
  });
});
