import { describe, expect, test } from "vitest";
import { documentedVariables } from "../scripts/docs/environment.ts";
import { upstreamFates } from "../scripts/docs/upstream.ts";
import { published, root, sources, text } from "./_workspace.ts";

/** Other words in capitals that stand in files which know an environment. One that is a variable belongs in the page. */
const noVariables = [
  /^(?:CERT|DEPTH|E|ERR|SELF|SQLITE|UNABLE|UND_ERR)_/, // error codes
  /^(?:HF_TOKEN|LAMMPS_VERSION|OMP_NUM_THREADS)$/, // examples in descriptions
  /^(?:LD_LIBRARY_PATH|LIBRARY_PATH|TIME_LIMIT|VERSION_ID)$/, // what modules set, fields of other programs' files
];

/** Variables a source reads or hands on, in any spelling of the environment. */
function variablesIn(source: string): ReadonlySet<string> {
  const all = (pattern: RegExp): string[] => [...source.matchAll(pattern)].map(([, name = ""]) => name);
  const read = [
    ...all(/\benv(?:ironment)?(?:\?\.)?\["([A-Z][A-Z0-9_]*)"\]/g),
    ...all(/\benv(?:ironment)?\??\.([A-Z][A-Z0-9_]+)\b/g),
    ...all(/\{([^{}]*)\} = (?:\w+\.)*env(?:ironment)?\b/g).flatMap(
      (names) => names.match(/\b[A-Z][A-Z0-9_]+\b/g) ?? [],
    ),
    ...all(/\benv: \[([^\]]*)\]/g).flatMap((names) => quoted(names)),
    ...all(
      /\b(?:passedOn|handedOn|pass|wanted|\w+Environment|\w+Variables) = (?:new Set\()?\[([^\]]*)\]/g,
    ).flatMap((names) => quoted(names)),
  ];
  const knowsEnvironment = /env|variable\(/i.test(source);
  const words = knowsEnvironment ? all(/"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g) : [];
  const others = words.filter((word) => !noVariables.some((pattern) => pattern.test(word)));
  return new Set([...read, ...others]);
}

function quoted(list: string): readonly string[] {
  return [...list.matchAll(/"([A-Z_][A-Za-z0-9_]*\*?)"/g)].map(([, name = ""]) => name);
}

const files = published.filter(({ id }) => id !== "testing").flatMap(({ folder }) => sources(folder));

describe("[CFG-12] the variables of docs/reference/env.md", () => {
  test("are all that the code reads", { timeout: 30_000 }, async () => {
    const documented = await documentedVariables(root);
    const found = files.flatMap((path) => [...variablesIn(text(path))].map((name) => `${name} (${path})`));
    expect(found.length).toBeGreaterThan(60);
    expect(found.filter((entry) => !documented.has(entry.replace(/ .*/, "")))).toEqual([]);
  });

  test("are read by the code, each of them", { timeout: 30_000 }, async () => {
    const code = new Set(files.flatMap((path) => [...variablesIn(text(path)), ...quoted(text(path))]));
    const documented = [...(await documentedVariables(root))];
    expect(documented.filter((name) => !code.has(name))).toEqual([]);
    const page = text("docs/reference/env.md");
    expect(documented.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test.each([
    [`const a = io.env["SOME_NAME"] ?? "";`, "SOME_NAME"],
    [`const a = process.env["X"];`, "X"],
    [`const a = environment?.["SOME_NAME"];`, "SOME_NAME"],
    [`const a = process.env.SOME_NAME;`, "SOME_NAME"],
    [`const { SOME_NAME, OTHER: x } = process.env;`, "SOME_NAME"],
    [`option({ env: [\n  "SOME_NAME",\n  "OLD",\n] })`, "OLD"],
    [`const passedOn = ["SHELL"] as const;`, "SHELL"],
    [`const pass = ["GIT_*"];`, "GIT_*"],
    [`const read = (name) => env[name]; read("SOME_NAME")`, "SOME_NAME"],
  ])("%s counts as reading", (source, name) => {
    expect([...variablesIn(source)]).toContain(name);
  });
});

test("[CFG-13] every flag, variable and file key of the Python server is here or says why not", async () => {
  const { flags, variables, keys } = await upstreamFates(root);
  expect([flags.length, variables.length, keys.length]).toEqual([34, 34, 13]);
  expect([...flags, ...variables, ...keys].filter(({ here }) => here === "")).toEqual([]);
  const page = text("docs/reference/upstream.md");
  for (const { name, here } of [...flags, ...variables, ...keys])
    expect(page).toContain(`| \`${name}\` | ${here} |`);
});
