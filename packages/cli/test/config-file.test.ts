import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfigFile } from "@parley/cli/config-file";
import { expect, onTestFinished, test } from "vitest";

async function file(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-cli-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "c.yaml");
  await writeFile(path, text);
  return path;
}

test("a mapping is read, an empty file is an empty one", async () => {
  const path = await file("server:\n  port: 8089 # ours\ntools: [a, b]\n");
  expect(await readConfigFile(path)).toMatchObject({ path, values: { server: { port: 8089 }, tools: ["a", "b"] } });
  expect((await readConfigFile(await file(""))).values).toEqual({});
  expect((await readConfigFile(await file('{"a": 1}'))).values).toEqual({ a: 1 });
});

test.each([
  ["a: [1\nb: 2", /c\.yaml:\d+:\d+: /],
  ["a: 1\na: 2", /c\.yaml:2:1: /],
  ["- 1", /top level must be a mapping/],
  ["just text", /top level must be a mapping/],
  [`a: ${"x".repeat(1_100_000)}`, /larger than 1 MiB/],
])("%#: a file nobody can read is one sentence", async (text, message) => {
  await expect(readConfigFile(await file(text))).rejects.toMatchObject({
    code: "E_CONFIG_INVALID",
    message: expect.stringMatching(message),
  });
});

test("a file of aliases of aliases is refused, not expanded", async () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level += 1) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ")}]`);
  }
  await expect(readConfigFile(await file(lines.join("\n")))).rejects.toThrow(/alias/i);
});

test("a missing file and a directory are told apart", async () => {
  await expect(readConfigFile("/nowhere/x.yaml")).rejects.toThrow(/no such file/);
  await expect(readConfigFile(tmpdir())).rejects.toThrow(/it is a directory/);
});
