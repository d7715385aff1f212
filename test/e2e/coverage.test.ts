import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { requirements } from "./requirements.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Its examples are no citations. */
const self = join("test", "e2e", "coverage.test.ts");

async function testFiles(directory: string): Promise<string[]> {
  const entries = await readdir(join(root, directory), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        const skipped = ["node_modules", "dist", "src", "bin", "fixtures"].includes(entry.name);
        return skipped ? [] : testFiles(path);
      }
      return entry.name.endsWith(".test.ts") && path !== self ? [path] : [];
    }),
  );
  return found.flat();
}

/** Ids in `verifies([...])`, and in titles of the form `[JOIN-01 JOIN-02] ...`. */
function cited(text: string): string[] {
  const lists = [
    ...Array.from(text.matchAll(/verifies\(\s*\[([^\]]*)\]/g), (match) => match[1] ?? ""),
    ...Array.from(
      text.matchAll(/\b(?:describe|test|it)\b[^\n]*\(\s*["'`]\[([A-Z0-9 -]+)\]/g),
      (match) => match[1] ?? "",
    ),
  ];
  return lists.flatMap((list) => list.match(/[A-Z]+-\d{2,3}/g) ?? []);
}

test("every requirement is cited by a test, and every cited one exists", async () => {
  const files = (await Promise.all(["test", "packages", "apps"].map((folder) => testFiles(folder)))).flat();
  const ids = new Set(
    (await Promise.all(files.map(async (path) => cited(await readFile(join(root, path), "utf8"))))).flat(),
  );
  const known = Object.keys(requirements);
  expect(files.length).toBeGreaterThan(10);
  expect(known.filter((id) => !ids.has(id))).toEqual([]);
  expect(Array.from(ids).filter((id) => !Object.hasOwn(requirements, id))).toEqual([]);
});

test("a title that cites an id counts, a mention elsewhere does not", () => {
  expect(cited(`verifies(["HUB-01", "JOIN-02"], "x", () => {})`)).toEqual(["HUB-01", "JOIN-02"]);
  expect(cited(`describe("[SEC-03] the gate", () => {})`)).toEqual(["SEC-03"]);
  expect(cited(`describe.each([1])("[SEC-03] the gate %i", () => {})`)).toEqual(["SEC-03"]);
  expect(cited(`expect("[SEC-03]")`)).toEqual([]);
});
