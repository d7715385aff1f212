import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeStateDirectory } from "../src/state-directory.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "mcpserver-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test("is made with its parents, for this user alone, and may be there already", async () => {
  const path = join(directory, "a", "b");
  await makeStateDirectory(path);
  await makeStateDirectory(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
});

test("that cannot be made is a setting to change", async () => {
  const file = join(directory, "file");
  await writeFile(file, "");
  for (const path of [file, join(file, "x"), join(file, "x", "y")]) {
    await expect(makeStateDirectory(path)).rejects.toMatchObject({
      code: "E_CONFIG_INVALID",
      message: `The state directory ${path} cannot be used: a part of the path is a file. Choose another with --state-dir.`,
    });
  }
});

test.runIf(process.platform === "linux")(
  "is given up on where a file system takes no new entries",
  async () => {
    await expect(makeStateDirectory("/proc/parley/state")).rejects.toMatchObject({
      code: "E_CONFIG_INVALID",
    });
  },
);
