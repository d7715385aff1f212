import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const root = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");

const Manifest = z.object({ name: z.string(), bin: z.record(z.string(), z.string()).optional() });
const ours = new Map(
  files
    .filter((path) => /^(?:apps|packages(?:\/adapters)?)\/[^/]+\/package\.json$/.test(path))
    .map((path) => Manifest.parse(JSON.parse(read(path))))
    .map(({ name, bin = {} }) => [name, Object.keys(bin)] as const),
);
const bins = new Set([...ours.values()].flat());

/** What is wrong with the words after `npx`, where nothing of ours is installed. */
function problemOf(words: readonly string[]): string | undefined {
  // A package is named in one word or in two.
  const spelled = words.join(" ").replaceAll("--package ", "--package=").split(" ");
  const packages = spelled.flatMap((word) => /^--package=(.+)$/.exec(word)?.[1] ?? []);
  const named = spelled.find((word) => !word.startsWith("-")) ?? "";
  if (packages.some((name) => (ours.get(name) ?? []).includes(named))) return undefined;
  if (bins.has(named)) return `${named} is a program and no package: name its package with --package=`;
  const found = ours.get(named);
  if (!/^@parley\/[a-z]/.test(named)) return undefined;
  if (found === undefined || found.length === 0) return `${named} has no program`;
  const isClear = found.length === 1 || found.includes(named.slice("@parley/".length));
  return isClear ? undefined : `${named} has several programs: name one with --package=`;
}

const wordsIn = (args: string): string[] => [...args.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word);

/** Entries of hosts, which start a program where there is no checkout. */
const entries = files
  .filter((path) => /\.(?:md|json|jsonc|ya?ml)$/.test(path) && !path.startsWith("docs/reference/"))
  .flatMap((path) =>
    [...read(path).matchAll(/"?command"?:\s*"?npx"?,?\s*"?args"?:\s*\[([^\]]*)\]/g)].map(
      ([, args = ""]) => [path, wordsIn(args)] as const,
    ),
  );

/** Commands of packages' own pages, which a registry shows. */
const commands = files
  .filter((path) => /^(?:apps|packages)\/.*README\.md$/.test(path))
  .flatMap((path) =>
    [...read(path).matchAll(/(?:^|[\s`(])npx ([^`\n]+)/g)].map(
      ([, words = ""]) => [path, words.split(/\s+/)] as const,
    ),
  );

describe("npx, where nothing is installed,", () => {
  test.each([...entries, ...commands])("finds in %s the program of %j", (_path, words) => {
    expect(problemOf(words)).toBeUndefined();
  });

  test("is told apart from a program that is there already", () => {
    expect([entries.length, commands.length].every((count) => count > 5)).toBe(true);
    expect(problemOf(["-y", "parley-tasks"])).toMatch(/no package/);
    expect(problemOf(["@parley/tasks"])).toMatch(/several programs/);
    expect(problemOf(["@parley/core"])).toMatch(/no program/);
    expect(problemOf(["-y", "--package=@parley/tasks", "parley-tasks"])).toBeUndefined();
    expect(problemOf(["@parley/resource-ask"])).toBeUndefined();
  });
});
