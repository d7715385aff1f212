import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRun, describeFailure, runOrThrow } from "@parley/exec";
import { getEventListeners } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = createRun({ env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" } });
const node = process.execPath;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-exec-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (await condition()) return true;
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
  return false;
}

describe("createRun", () => {
  test("returns output, status and argv of a program that ends well", async () => {
    const result = await run(["printf", "%s", "ążś"]);
    expect(result).toMatchObject({
      ok: true,
      exitCode: 0,
      stdout: "ążś",
      stderr: "",
      argv: ["printf", "%s", "ążś"],
    });
    expect(result).not.toHaveProperty("failure");
  });

  test("passes hostile arguments verbatim", async () => {
    const args = ["$(id)", "`id`", "a'b\"c", "two\nlines", "--", "-rf", "", "*"];
    const { stdout } = await run([
      node,
      "-e",
      "console.log(JSON.stringify(process.argv.slice(1)))",
      "--",
      ...args,
    ]);
    expect(JSON.parse(stdout)).toEqual(args);
  });

  test("reports a status other than 0 and a signal apart", async () => {
    expect(await run(["sh", "-c", "echo no >&2; exit 7"])).toMatchObject({
      ok: false,
      exitCode: 7,
      failure: "exit",
      stderr: "no\n",
    });
    const killed = await run(["sh", "-c", "kill -9 $$"]);
    expect(killed).toMatchObject({ ok: false, failure: "signal", signal: "SIGKILL" });
    expect(killed).not.toHaveProperty("exitCode");
  });

  test.each([
    ["a program that is not there", ["parley-no-such-program"], {}],
    ["no program at all", [], {}],
    ["an empty name", [""], {}],
    ["a zero byte in an argument", ["echo", "a\0b"], {}],
    ["a directory as program", ["/"], {}],
    ["a missing working directory", ["echo"], { cwd: "/no/such/place" }],
    ["arguments beyond the system's limit", ["echo", "x".repeat(2 ** 22)], {}],
  ])("never rejects: %s", async (_title, argv, options) => {
    const result = await run(argv, options);
    expect(result).toMatchObject({ ok: false, failure: "not-found", stdout: "" });
    expect(describeFailure(result)).toMatch(/could not be started/);
  });

  test("says when it is the directory that is missing", async () => {
    expect(describeFailure(await run(["echo"], { cwd: "/no/such/place" }))).toContain(
      "/no/such/place does not exist",
    );
  });

  test("kills the whole group on time-out, children that ignore SIGTERM included", async () => {
    const pidFile = join(folder, "grandchild");
    const script = `sh -c 'trap "" TERM; echo $$ > ${pidFile}; while :; do sleep 0.05; done' & wait`;
    const result = await run(["sh", "-c", script], { timeoutMs: 400 });
    expect(result).toMatchObject({ ok: false, failure: "timeout" });
    const pid = Number(await readFile(pidFile, "utf8"));
    expect(await until(() => !isAlive(pid))).toBe(true);
  });

  test("SIGKILL follows for a program that ignores SIGTERM", async () => {
    const result = await run(["sh", "-c", 'trap "" TERM; echo ready; while :; do sleep 0.05; done'], {
      timeoutMs: 300,
    });
    expect(result).toMatchObject({ failure: "timeout", signal: "SIGKILL", stdout: "ready\n" });
  });

  test("an abort ends the program and leaves no listener", async () => {
    const controller = new AbortController();
    const running = run(["sleep", "60"], { signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ ok: false, failure: "aborted" });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    expect(await run(["touch", join(folder, "never")], { signal: controller.signal })).toMatchObject({
      failure: "aborted",
    });
    await expect(readFile(join(folder, "never"))).rejects.toThrow("ENOENT");
  });

  test("keeps no more than the limit, never half a character", async () => {
    const result = await run([node, "-e", "for (;;) process.stdout.write('é'.repeat(1000))"], {
      maxBytes: 1001,
    });
    expect(result).toMatchObject({ ok: false, failure: "output-limit", stdout: "é".repeat(500) });
  });

  test("output of exactly the limit is whole", async () => {
    expect(await run(["printf", "12345"], { maxBytes: 5 })).toMatchObject({ ok: true, stdout: "12345" });
  });

  test("gives standard input, and survives a program that does not read it", async () => {
    expect(await run(["cat"], { input: "żółw\n" })).toMatchObject({ ok: true, stdout: "żółw\n" });
    expect(await run(["true"], { input: "x".repeat(2 ** 21) })).toMatchObject({ ok: true });
    expect(await run(["cat"])).toMatchObject({ ok: true, stdout: "" });
  });

  test("env replaces the environment", async () => {
    const { stdout } = await run(["/usr/bin/env"], { env: { ONLY: "this" } });
    expect(stdout).toBe("ONLY=this\n");
  });

  test("does not wait for a background process that keeps the output open", async () => {
    const pidFile = join(folder, "background");
    const result = await run(["sh", "-c", `sleep 60 & echo $! > ${pidFile}; echo done`], { timeoutMs: 8000 });
    expect(result).toMatchObject({ ok: true, stdout: "done\n" });
    const pid = Number(await readFile(pidFile, "utf8"));
    expect(await until(() => !isAlive(pid))).toBe(true);
  });

  test("a time-out longer than a timer takes does not fire at once", async () => {
    expect(await run(["true"], { timeoutMs: Infinity })).toMatchObject({ ok: true });
  });
});

describe("runOrThrow", () => {
  test.each([
    ["E_EXEC_NOT_FOUND", ["parley-no-such-program"], {}],
    ["E_EXEC_FAILED", ["false"], {}],
    ["E_EXEC_TIMEOUT", ["sleep", "60"], { timeoutMs: 50 }],
    ["E_EXEC_OUTPUT_LIMIT", ["printf", "12345"], { maxBytes: 4 }],
    ["E_INTERRUPTED", ["sleep", "60"], { signal: AbortSignal.abort() }],
  ])("throws %s", async (code, argv, options) => {
    await expect(runOrThrow(run, argv, options)).rejects.toMatchObject({ name: "ParleyError", code });
  });

  test("returns the result and quotes the program on failure", async () => {
    await expect(runOrThrow(run, ["echo", "hi"])).resolves.toMatchObject({ stdout: "hi\n" });
    const file = join(folder, "complain.sh");
    await writeFile(file, "echo >&2; echo 'sbatch: error: token=abc123 is wrong' >&2; exit 3");
    await expect(runOrThrow(run, ["sh", file])).rejects.toMatchObject({
      message: "sh ended with status 3: sbatch: error: token=[redacted] is wrong",
      details: { program: "sh", exitCode: 3 },
    });
  });
});
