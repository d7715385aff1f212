import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfigFile } from "@parley/cli/config-file";
import { describe, expect, onTestFinished, test } from "vitest";

async function file(text: string | Buffer): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-cli-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "c.yaml");
  await writeFile(path, text);
  return path;
}

test("a mapping is read, an empty file is an empty one", async () => {
  const path = await file("server:\n  port: 8089 # ours\ntools: [a, b]\n");
  expect(await readConfigFile(path)).toMatchObject({
    path,
    values: { server: { port: 8089 }, tools: ["a", "b"] },
    problems: [],
  });
  for (const nothing of ["", "# only a comment\n", "---\n...\n", "\uFEFF"]) {
    expect((await readConfigFile(await file(nothing))).values).toEqual({});
  }
  expect((await readConfigFile(await file('{"a": 1}'))).values).toEqual({ a: 1 });
});

const bomb = (): string => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level += 1) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ")}]`);
  }
  return lines.join("\n");
};

describe("[CFG-02] a file nobody can read", () => {
  test.each([
    ["an open bracket", "a: [1\nb: 2", /c\.yaml:\d+:\d+: /],
    ["a key twice", "a: 1\na: 2", /c\.yaml:2:1: .*unique/],
    ["a key twice, deep", "s:\n  a: 1\n  b: 1\n  a: 2", /c\.yaml:4:3: .*unique/],
    ["a tab", "a:\n\tb: 1", /c\.yaml:2:1: .*[Tt]ab/],
    ["two documents", "a: 1\n---\nb: 2", /c\.yaml:2:1: .*multiple documents/],
    ["a tag nobody knows", "a: !!python/object:os.system x", /c\.yaml:1:4: .*tag/],
    ["an alias of nothing", "a: *b", /c\.yaml:1:4: .*alias/],
    ["a list", "- 1", /top level must be a mapping/],
    ["text", "just text", /top level must be a mapping/],
    ["a number", "0", /top level must be a mapping/],
    ["more than 1 MiB", `a: ${"x".repeat(1_100_000)}`, /larger than 1 MiB/],
    ["bytes that are no text", Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]), /not UTF-8/],
    ["aliases of aliases", bomb(), /alias/i],
  ])("%s is one sentence", async (_title, text, message) => {
    await expect(readConfigFile(await file(text))).rejects.toMatchObject({
      code: "E_CONFIG_INVALID",
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});

test("a missing file, a directory and an endless one are told apart", async () => {
  await expect(readConfigFile("/nowhere/x.yaml")).rejects.toThrow(/no such file/);
  await expect(readConfigFile(tmpdir())).rejects.toThrow(/it is a directory/);
  await expect(readConfigFile(join(await file("a: 1"), "x"))).rejects.toThrow(/a part of the path is a file/);
  await expect(readConfigFile("/dev/zero")).rejects.toThrow(/larger than 1 MiB/);
});

describe("where a key stands", () => {
  const text = [
    "base: &base {path: x, name: y}",
    "server:",
    "  port: 1",
    '  "server.port": 2',
    "tools:",
    "  - *base",
    "  - path: z",
    "    name: [1]",
  ].join("\n");

  test.each([
    ["server", 2, 1],
    ["server.port", 3, 3],
    ['server."server.port"', 4, 3],
    ["tools[0]", 6, 5],
    ["tools[0].name", 1, 23],
    ["tools[1].name", 8, 5],
    ["tools[1].nothing", 7, 5],
    ["tools[9]", 5, 1],
  ])("%s: line %i, column %i", async (key, line, column) => {
    const { at } = await readConfigFile(await file(text));
    expect(at(key)).toEqual({ line, column, interpolated: false });
  });

  test("a key that is not there has no place", async () => {
    expect((await readConfigFile(await file(text))).at("hub")).toBeUndefined();
  });
});

describe("[CFG-03] variables in values", () => {
  const env = { NAME: "cedar", PORT_: "7777", LEADING: "007", EMPTY: "", YAML: "a: [1]", NESTED: "${NAME}" };

  test.each([
    ["a: ${NAME}", { a: "cedar" }],
    ["a: x-${NAME}-${NAME}", { a: "x-cedar-cedar" }],
    ["a: ${PORT_}", { a: 7777 }],
    ['a: "${PORT_}"', { a: "7777" }],
    ["a: ${LEADING}", { a: "007" }],
    ["a: ${MISSING:-8089}", { a: 8089 }],
    ['a: "${MISSING:-with: colon}"', { a: "with: colon" }],
    ["a: ${EMPTY:-x}", { a: "x" }],
    ["a: ${MISSING:-}", { a: null }],
    ["a: $${NAME}", { a: "${NAME}" }],
    ["a: pa$$word$", { a: "pa$word$" }],
    ["a: $NAME", { a: "$NAME" }],
    ["a: ${YAML}", { a: "a: [1]" }],
    ["a: ${NESTED}", { a: "${NAME}" }],
    ['${NAME}: ["${NAME}"]', { "${NAME}": ["cedar"] }],
  ])("%s", async (text, values) => {
    const read = await readConfigFile(await file(text), { env });
    expect([read.values, read.problems]).toEqual([values, []]);
  });

  test.each([
    ["a: 1\nb: ${MISSING}", /c\.yaml:2:4: the variable MISSING is not set; .*\$\{MISSING:-default\}/],
    ["a: ${EMPTY}", /c\.yaml:1:4: the variable EMPTY is not set/],
    ["a: ${1}", /c\.yaml:1:4: "\$\{1\}" is no variable/],
    ["a: ${}", /is no variable/],
    ["a: x${NAME", /"\$\{" is no variable/],
    ['a: "${NAME:+x}"', /is no variable/],
  ])("%j is a problem with its line", async (text, message) => {
    const { problems, values } = await readConfigFile(await file(text), { env });
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringMatching(message)]);
    expect(Object.values(values).at(-1)).toBeNull();
  });

  test("without an environment nothing is replaced; a replaced value is known as such", async () => {
    const path = await file("a: ${NAME}\nb: [x, '${NAME}']\nc: x");
    expect((await readConfigFile(path)).values).toMatchObject({ a: "${NAME}" });
    const { at } = await readConfigFile(path, { env });
    expect(["a", "b", "b[0]", "b[1]", "c"].map((key) => at(key)?.interpolated)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});
