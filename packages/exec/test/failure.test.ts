import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseEnvironment, describeFailure, redact, which } from "@parley/exec";
import type { RunResult } from "@parley/exec";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const failed = (part: Partial<RunResult>): RunResult => ({
  ok: false,
  argv: ["squeue"],
  stdout: "",
  stderr: "",
  failure: "exit",
  durationMs: 12_000,
  ...part,
});

describe("describeFailure", () => {
  test.each([
    [
      { exitCode: 1, stderr: "\n---\n\u001b[31mslurm: down\u001b[0m\nmore" },
      "squeue ended with status 1: slurm: down",
    ],
    [{ exitCode: 1 }, "squeue ended with status 1."],
    [
      { exitCode: 1, stderr: "Traceback (most recent call last):\n  File x\nKeyError: 'q'" },
      "squeue ended with status 1: KeyError: 'q'",
    ],
    [{ failure: "timeout" as const }, "squeue did not end within its time-out and was killed after 12s."],
    [{ failure: "not-found" as const }, "squeue could not be started; install it or correct PATH."],
    [{ failure: "signal" as const, signal: "SIGSEGV" }, "squeue was ended by SIGSEGV."],
    [{ failure: "aborted" as const }, "squeue was interrupted."],
    [{ failure: "output-limit" as const }, "squeue printed more than is kept and was killed."],
    [{ ok: true, failure: undefined }, "squeue ended well."],
    [
      { argv: [], failure: "not-found" as const },
      "(no program) could not be started; install it or correct PATH.",
    ],
  ])("%o", (part, sentence) => {
    expect(describeFailure(failed(part))).toBe(sentence);
  });

  test("is one bounded line whatever a program prints", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (stderr) => {
        const sentence = describeFailure(failed({ stderr, exitCode: 1 }));
        expect(sentence).not.toContain("\n");
        expect(sentence.length).toBeLessThan(400);
      }),
    );
  });
});

describe("redact", () => {
  test.each([
    ["Authorization: Bearer abc.def-ghi", "Authorization: Bearer [redacted]"],
    ["key=abc", "key=[redacted]"],
    ["API_KEY: 'a b c' next", "API_KEY: [redacted] next"],
    ['{"access_token":"x y","n":1}', '{"access_token":[redacted],"n":1}'],
    ["password = hunter2; rest", "password = [redacted]; rest"],
    ["--auth-token s3cret run", "--auth-token [redacted] run"],
    ["postgres://me:pw@host/db", "postgres://me:[redacted]@host/db"],
    ["found eyJhbGciOiJI.eyJzdWIiOiIx.sig_9", "found [redacted]"],
    ["using sk-abcdefghijklmnop", "using [redacted]"],
  ])("%s", (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  test("leaves ordinary scheduler output alone", () => {
    const text = "JobId=12 Partition=debug NumNodes=2 Reason=Priority at 10:30:00";
    expect(redact(text)).toBe(text);
  });

  test("the value of a named secret never survives", () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{8,40}$/);
    fc.assert(
      fc.property(fc.constantFrom("token", "API_KEY", "password", "client_secret"), secret, (name, value) => {
        expect(redact(`x ${name}=${value} y`)).toBe(`x ${name}=[redacted] y`);
      }),
    );
  });

  test.each(["key", "key ", "--key", "://", "bearer ", "a-", "eyJ", "eyJaaaaaaaa.", "'", "key='"])(
    "stays quick on a long run of %j",
    (unit) => {
      expect(redact(unit.repeat(20_000)).length).toBeGreaterThan(0);
    },
    2000,
  );
});

describe("baseEnvironment", () => {
  test("passes on a few variables, adds its own and drops secrets", () => {
    const source = { PATH: "/bin", HOME: "/home/x", MY_TOKEN: "t", LC_ALL: "pl_PL.UTF-8", TZ: undefined };
    expect(baseEnvironment(source, { SLURM_CONF: "/etc/slurm.conf", HOME: undefined })).toEqual({
      PATH: "/bin",
      LC_ALL: "C",
      SLURM_CONF: "/etc/slurm.conf",
    });
  });
});

describe("which", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-which-"));
    await mkdir(join(folder, "first", "tool"), { recursive: true });
    await mkdir(join(folder, "second"));
    await writeFile(join(folder, "second", "tool"), "#!/bin/sh\n");
    await writeFile(join(folder, "second", "data"), "");
    await chmod(join(folder, "second", "tool"), 0o755);
    await symlink(join(folder, "second", "tool"), join(folder, "second", "alias"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("finds the first executable file, never a directory, a plain file or a relative entry", async () => {
    const path = ["", ".", join(folder, "first"), join(folder, "second")].join(":");
    expect(await which("tool", path)).toBe(join(folder, "second", "tool"));
    expect(await which("alias", path)).toBe(join(folder, "second", "alias"));
    expect(await which("data", path)).toBeUndefined();
    expect(await which("tool", ".")).toBeUndefined();
    expect(await which("", path)).toBeUndefined();
    expect(await which("second/tool", folder)).toBeUndefined();
    expect(await which("a\0b", path)).toBeUndefined();
    expect(await which(join(folder, "second", "tool"), "")).toBe(join(folder, "second", "tool"));
    expect(await which(join(folder, "none"), "")).toBeUndefined();
  });
});
