import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadRecordings, replayRun } from "@parley/testing";
import { expect, test } from "vitest";

test("answers from recordings and remembers what it was asked", async () => {
  const run = replayRun([{ argv: ["sinfo", "-o", "%P %a"], stdout: "batch up\n" }]);
  expect(await run(["sinfo", "-o", "%P %a"])).toMatchObject({ ok: true, exitCode: 0, stdout: "batch up\n" });
  expect(run.calls).toEqual([["sinfo", "-o", "%P %a"]]);
});

test("what is not recorded fails loudly, or as it is told to", async () => {
  await expect(replayRun([{ argv: "a" }])(["b", "c"])).rejects.toThrow(/Nothing is recorded for: b c/);
  expect(await replayRun([], { onUnknown: "not-found" })(["b"])).toMatchObject({
    ok: false,
    failure: "not-found",
  });
  const failing = replayRun([], { onUnknown: ([program]) => ({ exitCode: 3, stderr: `${program}!` }) });
  expect(await failing(["b"])).toMatchObject({ ok: false, failure: "exit", exitCode: 3, stderr: "b!" });
  expect(await failing(["b"], { signal: AbortSignal.abort() })).toMatchObject({ failure: "aborted" });
});

test("a program that was killed has no exit status", async () => {
  const result = await replayRun([{ argv: "a", failure: "timeout" }])(["a"]);
  expect(result).toMatchObject({ ok: false, failure: "timeout" });
  expect(result).not.toHaveProperty("exitCode");
});

test("loads a directory by its index", async () => {
  const directory = await mkdtemp(join(tmpdir(), "parley-replay-"));
  try {
    await mkdir(join(directory, "s"));
    await writeFile(join(directory, "s", "x.txt"), "out\n");
    await writeFile(join(directory, "s", "x.txt.err"), "err\n");
    const index =
      "4  s/x.txt  :: env A=b C=d prog -o a|b\n0  s/missing.txt :: gone\n0  t/x.txt  :: other\nnot a line\n";
    await writeFile(join(directory, "INDEX.txt"), index);
    expect(loadRecordings(directory, "s")).toEqual([
      { argv: "prog -o a|b", stdout: "out\n", stderr: "err\n", exitCode: 4 },
    ]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
