import { ParleyError } from "@parley/core";
import {
  type HpcOptions,
  filesystem_find_directory,
  filesystem_find_file,
  filesystem_list_directory,
  filesystem_read_file,
  filesystem_search_text,
  filesystem_stat,
  filesystem_tail_file,
  filesystem_write_file,
} from "@parley/hpc";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const secret = "the secret of somebody else";
let base: string;
let root: string;
let options: HpcOptions;

/** `root` is open; `outside` is beside it and holds the secret. */
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "parley-hpc-files-"));
  root = join(base, "root");
  await mkdir(join(root, "run", "deep"), { recursive: true });
  await mkdir(join(base, "outside", "sub"), { recursive: true });
  await writeFile(join(base, "outside", "sub", "secret"), secret);
  await mkdir(join(base, "root-of-another"));
  await writeFile(join(base, "outside", "secret"), secret);
  await writeFile(join(base, "root-of-another", "secret"), secret);
  await writeFile(join(root, "run", "in.lj"), "units lj\natom_style atomic\n");
  await writeFile(join(root, "run", "deep", "log.lammps"), "step 1\nERROR on proc 0\nérror\n");
  await writeFile(join(root, "run", "blob"), new Uint8Array([0, 1, 2, 255]));
  await symlink(join(base, "outside"), join(root, "out"));
  await symlink(join(base, "outside", "secret"), join(root, "run", "leak"));
  await symlink("in.lj", join(root, "run", "alias"));
  await symlink("loop", join(root, "loop"));
  options = { roots: [root] };
});
afterAll(() => rm(base, { recursive: true, force: true }));

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "ok",
    (error: unknown) => (error instanceof ParleyError ? error.code : `other: ${String(error)}`),
  );

describe("[HPC-03] the file tools", () => {
  test("list with sizes, in pages", async () => {
    const all = await filesystem_list_directory({ path: "run" }, options);
    expect(all.entries).toMatchObject([
      { name: "alias", type: "symlink" },
      { name: "blob", type: "file", size_bytes: 4 },
      { name: "deep", type: "directory" },
      { name: "in.lj", type: "file", size_bytes: 27 },
      { name: "leak", type: "symlink" },
    ]);
    const page = await filesystem_list_directory({ path: "run", limit: 2, cursor: "2" }, options);
    expect(page).toMatchObject({
      total: 5,
      next_cursor: "4",
      entries: [{ name: "deep" }, { name: "in.lj" }],
    });
    expect((await filesystem_list_directory({}, options)).path).toBe(root);
  });

  test("read by cursor, say what is no text, follow links inside", async () => {
    const whole = await filesystem_read_file({ path: join(root, "run", "alias") }, options);
    expect(whole).toMatchObject({
      path: join(root, "run", "in.lj"),
      content: "units lj\natom_style atomic\n",
    });
    expect(whole.next_cursor).toBeUndefined();
    const piece = await filesystem_read_file({ path: "run/in.lj", max_bytes: 16 }, options);
    expect(piece).toMatchObject({ content: "units lj\natom_st", next_cursor: "16", size_bytes: 27 });
    expect(await filesystem_read_file({ path: "run/blob" }, options)).toMatchObject({ binary: true });
    expect(await codeOf(filesystem_read_file({ path: "run/in.lj", cursor: "x" }, options))).toBe(
      "E_ARGUMENT_INVALID",
    );
  });

  test("[HPC-03] pieces of any size make up any text", async () => {
    const path = join(root, "any.txt");
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme", maxLength: 300 }),
        fc.integer({ min: 16, max: 64 }),
        async (text, size) => {
          await writeFile(path, text);
          const parts: string[] = [];
          for (let cursor: string | undefined = "0"; cursor !== undefined;) {
            const piece: { content: string; next_cursor?: string | undefined } = await filesystem_read_file(
              { path, cursor, max_bytes: size },
              options,
            );
            parts.push(piece.content);
            cursor = piece.next_cursor;
          }
          expect(parts.join("")).toBe(text);
        },
      ),
      { numRuns: 50 },
    );
    await rm(path);
  });

  test("tail, stat, find and search", async () => {
    const tail = await filesystem_tail_file({ path: "run/deep/log.lammps", lines: 2 }, options);
    expect(tail).toMatchObject({ content: "ERROR on proc 0\nérror\n", start: 7 });
    expect(await filesystem_stat({ path: "run" }, options)).toMatchObject({ type: "directory" });
    expect(await filesystem_stat({ path: "." }, options)).toMatchObject({ path: root, type: "directory" });
    expect(await filesystem_stat({ path: "run/in.lj" }, options)).toMatchObject({
      type: "file",
      size_bytes: 27,
    });
    const found = await filesystem_find_file({ name: "*.l*" }, options);
    expect(found.matches).toEqual([join(root, "run", "in.lj"), join(root, "run", "deep", "log.lammps")]);
    expect(await filesystem_find_file({ name: "*", limit: 1 }, options)).toMatchObject({ whole: false });
    expect((await filesystem_find_directory({ name: "deep" }, options)).matches).toEqual([
      join(root, "run", "deep"),
    ]);
    const search = await filesystem_search_text({ text: "error", ignore_case: true }, options);
    expect(search.matches).toEqual([
      { path: join(root, "run", "deep", "log.lammps"), line: 2, text: "ERROR on proc 0" },
    ]);
    const literal = await filesystem_search_text({ text: "a.*b" }, options);
    expect(literal).toMatchObject({ matches: [], whole: true });
  });

  test("a search says how far it is, ends when its time is up, and can be interrupted", async () => {
    let now = 0;
    const slow = { ...options, now: () => (now += 400) };
    expect(await filesystem_find_file({ name: "*", limit: 1000, timeout_seconds: 1 }, slow)).toMatchObject({
      whole: false,
    });
    const visited: number[] = [];
    const progress = (done: number): void => void visited.push(done);
    await filesystem_find_file({ name: "nothing" }, { ...options, progress });
    expect(visited.at(-1)).toBeGreaterThan(5);
    const signal = AbortSignal.abort();
    expect(await codeOf(filesystem_search_text({ text: "x" }, { ...options, signal }))).toBe("E_INTERRUPTED");
  });

  test("write creates, appends, replaces with a confirmation, and never through a link", async () => {
    const path = "run/new.txt";
    expect(await filesystem_write_file({ path, content: "one\n" }, options)).toMatchObject({
      bytes: 4,
      replaced: false,
    });
    expect(await codeOf(filesystem_write_file({ path, content: "two\n" }, options))).toBe(
      "E_OBJECT_CONFLICT",
    );
    await filesystem_write_file({ path, content: "two\n", mode: "append" }, options);
    expect(await codeOf(filesystem_write_file({ path, content: "", mode: "overwrite" }, options))).toBe(
      "E_CONFIRM_REQUIRED",
    );
    expect(await readFile(join(root, path), "utf8")).toBe("one\ntwo\n");
    const over = { path, content: "three\n", mode: "overwrite", confirm: true } as const;
    expect(await filesystem_write_file(over, options)).toMatchObject({ replaced: true });
    expect(await readFile(join(root, path), "utf8")).toBe("three\n");
    for (const mode of ["create", "append", "overwrite"] as const) {
      for (const target of [
        "run/leak",
        "out/new",
        "out/secret",
        "run/alias",
        "../root-of-another/x",
        "run",
        ".",
      ]) {
        const code = await codeOf(
          filesystem_write_file({ path: target, content: "x", mode, confirm: true }, options),
        );
        expect([target, mode, code]).toEqual([
          target,
          mode,
          expect.stringMatching(/^E_(?:PATH_FORBIDDEN|ARGUMENT_INVALID)$/),
        ]);
      }
    }
    expect(await readFile(join(base, "outside", "secret"), "utf8")).toBe(secret);
    expect(await readdir(join(base, "outside"))).toEqual(["secret", "sub"]);
    expect((await readdir(join(root, "run"))).filter((name) => name.startsWith(".draft"))).toEqual([]);
    await rm(join(root, path));
  });

  test("pipes and devices are refused without waiting", async () => {
    execFileSync("/usr/bin/mkfifo", [join(root, "pipe")]);
    expect(await codeOf(filesystem_read_file({ path: "pipe" }, options))).toBe("E_ARGUMENT_INVALID");
    expect(await codeOf(filesystem_write_file({ path: "pipe", content: "x", mode: "append" }, options))).toBe(
      "E_ARGUMENT_INVALID",
    );
    expect(await filesystem_search_text({ text: "x", name: "pipe" }, options)).toMatchObject({ files: 0 });
    await rm(join(root, "pipe"));
  });

  test("without an open folder they say what to set", async () => {
    const closed = filesystem_read_file({ path: "x" }, { env: {} });
    await expect(closed).rejects.toMatchObject({
      code: "E_CONFIG_INVALID",
      message: expect.stringContaining("HPC_ROOTS"),
    });
    expect(await codeOf(filesystem_read_file({ path: "x" }, { env: { HPC_ROOTS: "relative" } }))).toBe(
      "E_CONFIG_INVALID",
    );
    const env = { HPC_ROOTS: `/nowhere:${root}` };
    expect((await filesystem_read_file({ path: "run/in.lj" }, { env })).content).toContain("units");
  });
});

describe("[HPC-04] nothing outside the open folders", () => {
  const outside = [
    "/etc/passwd",
    "../outside/secret",
    "run/../../outside/secret",
    "out/secret",
    "run/leak",
    "out",
    "loop",
    "/proc/self/environ",
    "/proc/1/cwd/etc/passwd",
  ];

  test.each(outside)("%s is refused by every tool", async (path) => {
    const codes = await Promise.all([
      codeOf(filesystem_read_file({ path }, options)),
      codeOf(filesystem_tail_file({ path }, options)),
      codeOf(filesystem_stat({ path }, options)),
      codeOf(filesystem_list_directory({ path }, options)),
      codeOf(filesystem_find_file({ root: path, name: "*" }, options)),
      codeOf(filesystem_search_text({ root: path, text: "e" }, options)),
    ]);
    const expected = path === "loop" ? "E_FILE_IO" : "E_PATH_FORBIDDEN";
    expect(codes.filter((code) => code !== expected && code !== "E_PATH_FORBIDDEN")).toEqual([]);
  });

  test("what there is outside is not to be told from what there is not", async () => {
    const there = await codeOf(filesystem_stat({ path: join(base, "outside", "secret") }, options));
    const not = await codeOf(filesystem_stat({ path: join(base, "outside", "nothing") }, options));
    expect([there, not]).toEqual(["E_PATH_FORBIDDEN", "E_PATH_FORBIDDEN"]);
    expect(await codeOf(filesystem_stat({ path: "a\0b" }, options))).toBe("E_ARGUMENT_INVALID");
  });

  test("[HPC-04] no path made of any parts shows the secret or writes outside", async () => {
    const part = fc.constantFrom(
      "..",
      ".",
      "",
      "run",
      "out",
      "leak",
      "alias",
      "secret",
      "root",
      "root-of-another",
      "outside",
      "~",
      "-x",
      "$(id)",
      "a\nb",
      "%2e%2e",
      "loop",
      "/etc",
    );
    const path = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join("/"));
    await fc.assert(
      fc.asyncProperty(path, fc.boolean(), async (relative, absolute) => {
        const given = absolute ? join(root, "run") + "/" + relative : relative || ".";
        const read = await filesystem_read_file({ path: given }, options).catch((error: unknown) => error);
        expect(JSON.stringify(read) ?? "").not.toContain(secret);
        const write = { path: given, content: "x", mode: "append" } as const;
        const wrote = await filesystem_write_file(write, options).catch((error: unknown) => error);
        if (wrote instanceof Error) return;
        const { path: where } = z.object({ path: z.string() }).parse(wrote);
        expect(where.startsWith(`${root}/`)).toBe(true);
        if (!where.endsWith("in.lj")) await rm(where);
      }),
      { numRuns: 300 },
    );
    expect(await readFile(join(base, "outside", "secret"), "utf8")).toBe(secret);
    expect(await readdir(base)).toEqual(["outside", "root", "root-of-another"]);
  });

  test("[HPC-04] a folder that becomes a link while it is read or written leads nowhere", async () => {
    const victim = join(root, "victim");
    const spare = join(root, "spare");
    await mkdir(join(victim, "sub"), { recursive: true });
    await writeFile(join(victim, "sub", "secret"), "mine");
    const swaps = new AbortController();
    const swap = async (): Promise<void> => {
      while (!swaps.signal.aborted) {
        await rename(victim, spare);
        await symlink(join(base, "outside"), victim);
        await rm(victim);
        await rename(spare, victim);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
      }
    };
    const swapping = swap();
    const seen = new Set<string>();
    for (let turn = 0; turn < 1500; turn += 1) {
      const read = filesystem_read_file({ path: "victim/sub/secret" }, options).then(
        ({ content }) => content,
        (error: unknown) => (error instanceof ParleyError ? error.code : String(error)),
      );
      const draft = { path: "victim/sub/planted", content: "x", mode: "append" } as const;
      const [content] = await Promise.all([read, codeOf(filesystem_write_file(draft, options))]);
      seen.add(content);
    }
    swaps.abort();
    await swapping;
    expect(seen.has(secret)).toBe(false);
    expect(seen.has("mine")).toBe(true);
    expect(await readdir(join(base, "outside", "sub"))).toEqual(["secret"]);
    await rm(victim, { recursive: true });
  }, 60_000);
});
