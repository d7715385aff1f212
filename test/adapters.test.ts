import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { members, root, sources, text } from "./_workspace.ts";
import type { Member } from "./_workspace.ts";

const adapters = members.filter(({ kind }) => kind === "adapter");
const programs = adapters.filter(({ manifest }) => Object.keys(manifest.bin).length > 0);
const each = programs.map((member): [string, Member] => [member.id, member]);

const Variable = z.strictObject({
  name: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  description: z.string().min(1),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  format: z.enum(["string", "number", "boolean", "filepath"]).optional(),
  default: z.string().optional(),
  choices: z.array(z.string()).optional(),
});

/** What we use of the MCP registry's schema of 2025-12-11. */
const ServerJson = z.strictObject({
  $schema: z.literal("https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"),
  name: z.string().regex(/^io\.github\.parley-mcp\/[a-z-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  repository: z.strictObject({
    url: z.literal("https://github.com/parley-mcp/parley"),
    source: z.literal("github"),
    subfolder: z.string(),
  }),
  version: z.string(),
  packages: z.tuple([
    z.strictObject({
      registryType: z.literal("npm"),
      identifier: z.string(),
      version: z.string(),
      runtimeHint: z.literal("npx"),
      transport: z.strictObject({ type: z.literal("stdio") }),
      environmentVariables: z.array(Variable).optional(),
    }),
  ]),
});

test("some adapter has a program", () => {
  expect(programs.map(({ id }) => id)).toContain("adapters/nomad");
});

describe.each(each)("%s", (_id, { folder, manifest }) => {
  const name = folder.replace("packages/adapters/", "");

  test("[ADP-05] is in the MCP registry under the name, version and package it has", () => {
    const server = ServerJson.parse(JSON.parse(text(`${folder}/server.json`)));
    expect(manifest.mcpName).toBe(`io.github.parley-mcp/${name}`);
    expect(server).toMatchObject({
      name: manifest.mcpName,
      version: manifest.version,
      repository: { subfolder: folder },
      packages: [{ identifier: manifest.name, version: manifest.version }],
    });
  });

  test("is started by npx and its package's name alone", () => {
    expect(manifest.bin).toEqual({ [`parley-${name}`]: `./bin/parley-${name}.js` });
    expect(text(`${folder}/bin/parley-${name}.js`)).toBe('#!/usr/bin/env node\nimport "../dist/cli.js";\n');
    expect(manifest.files).toEqual(expect.arrayContaining(["bin", "dist"]));
  });

  test("[ADP-07] has a page, generated from its definitions", () => {
    expect(existsSync(join(root, folder, "test/page.ts"))).toBe(true);
    expect(text(`docs/reference/adapters/${name}.md`)).toContain(`npx ${manifest.name}`);
    expect(text("docs/reference/adapters/README.md")).toContain(`(${name}.md)`);
  });

  test("[ADP-06] knows the server in its program alone, which loads the tools when it runs", () => {
    const files = sources(folder).map((path) => ({
      path,
      code: text(path),
      imports: staticImports(text(path)),
    }));
    const programFiles = new Set([`${folder}/src/cli.ts`, `${folder}/src/program.ts`]);
    const knowing = files.filter(({ code }) => /["']@parley\/mcpserver\b/.test(code)).map(({ path }) => path);
    expect(knowing.filter((path) => !programFiles.has(path))).toEqual([]);
    const using = files.filter(({ imports }) => imports.includes("./program.ts")).map(({ path }) => path);
    expect(using).toEqual([`${folder}/src/cli.ts`]);
    // Whatever --help has to load: no schema library, no client.
    const seen = new Set<string>();
    const outside = reach(`${folder}/src/cli.ts`, seen);
    expect(outside.filter((from) => !["@parley/cli", "@parley/mcpserver/program"].includes(from))).toEqual(
      [],
    );
  });
});

/** Modules a file loads as it is loaded; those for their types alone are erased. */
function staticImports(code: string): readonly string[] {
  return [
    ...code.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^"';]*?\bfrom\s+)?["']([^"']+)["']/gm),
  ].flatMap(([, from = ""]) => from);
}

/** What a file and the files it loads take from other packages. */
function reach(path: string, seen: Set<string>): readonly string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  return staticImports(text(path)).flatMap((from) =>
    from.startsWith("./") ? reach(join(path, "..", from), seen) : [from],
  );
}
