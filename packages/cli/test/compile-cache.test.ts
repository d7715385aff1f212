import { chmod, mkdir, mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepCompiled } from "@parley/cli";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "parley-compiled-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function home(name: string): Promise<string> {
  await mkdir(join(root, name));
  return join(root, name);
}

/** The folders that code would be taken from. */
function kept(options: Partial<Parameters<typeof keepCompiled>[0]>): readonly string[] {
  const folders: string[] = [];
  keepCompiled({ env: {}, enable: (folder) => folders.push(folder), ...options });
  return folders;
}

describe("[START-03] compiled code is kept where nobody else can write", () => {
  test("in the user's cache, which is made for the user alone", async () => {
    const at = await home("fresh");
    expect(kept({ home: at })).toEqual([join(at, ".cache/parley/compiled")]);
    expect((await stat(join(at, ".cache/parley/compiled"))).mode & 0o777).toBe(0o700);
    const other = await home("xdg");
    expect(kept({ home: at, env: { XDG_CACHE_HOME: other } })).toEqual([join(other, "parley/compiled")]);
  });

  test("not in a folder others may write to, nor in one that leads there", async () => {
    const at = await home("open");
    expect(kept({ home: at })).toHaveLength(1);
    await chmod(join(at, ".cache/parley/compiled"), 0o770);
    expect(kept({ home: at })).toEqual([]);
    await chmod(join(at, ".cache/parley/compiled"), 0o700);
    await chmod(join(at, ".cache"), 0o707);
    expect(kept({ home: at })).toEqual([]);
    const led = await home("led");
    await mkdir(join(led, ".cache/parley"), { recursive: true });
    await chmod(join(led, ".cache/parley"), 0o700);
    await mkdir(join(root, "theirs"));
    await chmod(join(root, "theirs"), 0o777);
    await symlink(join(root, "theirs"), join(led, ".cache/parley/compiled"));
    expect(kept({ home: led })).toEqual([]);
  });

  test.skipIf(process.getuid === undefined)("not in another user's home, where nothing is made", async () => {
    const at = await home("another");
    expect(kept({ home: at, uid: (process.getuid?.() ?? 0) + 1 })).toEqual([]);
    await expect(stat(join(at, ".cache"))).rejects.toThrow("ENOENT");
  });

  test("not at all without a home, or when the user says so", async () => {
    expect(kept({ home: join(root, "nowhere", "at-all") })).toEqual([]);
    const at = await home("told");
    expect(kept({ home: at, env: { NODE_DISABLE_COMPILE_CACHE: "1" } })).toEqual([]);
    await expect(stat(join(at, ".cache"))).rejects.toThrow("ENOENT");
  });
});
