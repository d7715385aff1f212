import { execFileSync } from "node:child_process";
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { internalDependencies, members, published, root, sources, text } from "./_workspace.ts";
import type { Member } from "./_workspace.ts";

/** The layers of docs/decisions/0001: an import goes to a lower layer, or along one of the sideways arrows. */
const layers: Readonly<Record<string, number>> = {
  core: 0,
  cli: 1,
  databases: 1,
  exec: 1,
  llm: 1,
  "mcp-client": 1,
  "tool-registry": 1,
  "adapters/echo": 2,
  "adapters/events": 2,
  "adapters/flux": 2,
  "adapters/hpc": 2,
  "adapters/nomad": 2,
  "adapters/tensorpool": 2,
  jobspec: 2,
  "mcp-tasks": 2,
  mount: 2,
  queue: 2,
  engines: 2,
  providers: 2,
  secretary: 2,
  selection: 2,
  simulation: 2,
  fleet: 3,
  gateway: 3,
  orchestrator: 3,
  page: 3,
  "plan-interfaces": 3,
  plans: 3,
  server: 3,
  testing: 3,
  "apps/hub": 4,
  "apps/mcpserver": 4,
  "apps/proxy": 4,
  "apps/resource-ask": 4,
  "apps/tasks": 4,
  "apps/worker": 4,
};
const sideways = new Set([
  "plan-interfaces -> page",
  "plan-interfaces -> plans",
  "plan-interfaces -> server",
  "mcp-client -> exec",
  "providers -> engines",
  "secretary -> engines",
  "secretary -> providers",
  "simulation -> engines",
  "simulation -> providers",
  "adapters/flux -> engines",
  "adapters/flux -> jobspec",
  "adapters/hpc -> engines",
  "adapters/nomad -> engines",
  "adapters/flux -> apps/mcpserver",
  "adapters/hpc -> apps/mcpserver",
  "adapters/nomad -> apps/mcpserver",
  "adapters/tensorpool -> apps/mcpserver",
  "fleet -> server",
  "gateway -> server",
  "apps/hub -> apps/mcpserver",
  "apps/tasks -> apps/mcpserver",
  "apps/worker -> apps/mcpserver",
]);

/** Where the process's own environment is the default of a seam, or what the file is about. */
const processFiles = new Set([
  "packages/adapters/flux/src/call.ts",
  "packages/adapters/flux/src/options.ts",
  "packages/adapters/hpc/src/call.ts",
  "packages/adapters/nomad/src/call.ts",
  "packages/adapters/nomad/src/options.ts",
  "packages/adapters/nomad/src/settings.ts",
  "packages/adapters/tensorpool/src/call.ts",
  "packages/adapters/tensorpool/src/options.ts",
  "packages/adapters/tensorpool/src/settings.ts",
  "packages/cli/src/io.ts",
  "packages/cli/src/run.ts",
  "packages/engines/src/local/local-engine.ts",
  "packages/exec/src/create-run.ts",
  "packages/exec/src/start-process.ts",
  "packages/exec/src/which.ts",
]);

const scripts = ["build", "typecheck", "lint", "format", "test", "test:pack"];
const each = published.map((member): [string, Member] => [member.id, member]);
const packages = published.filter((member) => member.kind !== "app");

/** What an entry of `exports` must look like for a source file. */
function entryFor(source: string, kind: Member["kind"]): Record<string, string> {
  const built = source.replace("./src/", "./dist/").replace(/\.ts$/, "");
  const types = kind === "app" ? built.replace("./dist/", "./dist/types/") : built;
  return { "@parley/source": source, types: `${types}.d.ts`, default: `${built}.js` };
}

describe.each(each)("%s", (_id, member) => {
  test("has a README, an ESM manifest and the six scripts", () => {
    const { manifest, folder } = member;
    expect(text(`${folder}/README.md`).trimEnd().split("\n").length).toBeLessThanOrEqual(80);
    expect(manifest).toMatchObject({ type: "module", license: "MIT" });
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(scripts));
  });

  test("exports existing files in the one form", () => {
    const { "./package.json": self, ...entries } = member.manifest.exports;
    expect(self).toBe("./package.json");
    for (const entry of Object.values(entries)) {
      const { "@parley/source": source } = z.object({ "@parley/source": z.string() }).parse(entry);
      expect(entry).toEqual(entryFor(source, member.kind));
      expect(sources(member.folder)).toContain(`${member.folder}/${source.slice(2)}`);
    }
  });

  test("depends downwards only", () => {
    expect(Object.keys(layers)).toContain(member.id);
    const own = layers[member.id] ?? 0;
    const upwards = internalDependencies(member)
      .map((other) => ({ arrow: `${member.id} -> ${other.id}`, layer: layers[other.id] ?? Infinity }))
      .filter(({ arrow, layer }) => layer >= own && !sideways.has(arrow));
    expect(upwards).toEqual([]);
  });
});

test("no cycle of packages, no adapter in another, and `testing` in no source", () => {
  const visit = (member: Member, path: readonly string[]): void => {
    expect(path).not.toContain(member.id);
    for (const other of internalDependencies(member)) visit(other, [...path, member.id]);
  };
  for (const member of members) visit(member, []);
  for (const adapter of members.filter((member) => member.kind === "adapter")) {
    expect(internalDependencies(adapter).filter((other) => other.kind === "adapter")).toEqual([]);
  }
  const users = published.filter((member) => internalDependencies(member).some(({ id }) => id === "testing"));
  expect(users).toEqual([]);
});

test("libraries neither read the environment nor print", () => {
  const offenders = packages
    .filter((member) => member.id !== "testing")
    .flatMap((member) => sources(member.folder))
    .filter((path) => !processFiles.has(path) && /\bprocess\.env\b|\bconsole\.\w+\(/.test(text(path)));
  expect(offenders).toEqual([]);
});

/** Lines that are neither blank nor comment, as the linter counts them. */
function codeLines(path: string): number {
  return text(path)
    .split("\n")
    .filter((line) => !/^\s*(?:$|\/\/|\/?\*)/.test(line)).length;
}

test("source files stay small", () => {
  const lengths = published
    .flatMap((member) => sources(member.folder))
    .map((path) => ({ path, lines: codeLines(path) }))
    .toSorted((left, right) => left.lines - right.lines);
  expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
  expect(lengths[Math.floor(lengths.length / 2)]?.lines).toBeLessThanOrEqual(120);
});

test("dependency budgets hold", () => {
  const budgets = { package: 12, adapter: 3, app: 12, example: 0 };
  // The server speaks HTTP, OAuth, metrics and traces to the outside; hpc reads Dockerfiles and manifests.
  const own: Readonly<Record<string, number>> = { core: 1, server: 15, "adapters/hpc": 5 };
  const over = published
    .map(({ id, kind, manifest }) => ({
      id,
      outside: Object.keys(manifest.dependencies).filter((name) => !name.startsWith("@parley/")),
      budget: own[id] ?? budgets[kind],
    }))
    .filter(({ outside, budget }) => outside.length > budget);
  expect(over).toEqual([]);
});

const Packed = z.array(
  z.object({
    name: z.string(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string(), size: z.number() })),
  }),
);

/** Bytes of JavaScript in one package, and of everything: declarations, maps and sources come on top. */
const codeBudget = 300_000;
const unpackedBudget = 1_000_000;
const larger: Readonly<Record<string, { readonly code: number; readonly unpacked: number }>> = {
  /** The reader of requests is mostly its vocabulary and patterns. */
  "@parley/secretary": { code: 400_000, unpacked: 1_300_000 },
  /** Some eighty tools, each with its description, schemas and words. */
  "@parley/hpc": { code: 450_000, unpacked: 1_700_000 },
  /** Sixty operations in a file each, with declarations, maps and sources. */
  "@parley/nomad": { code: codeBudget, unpacked: 1_200_000 },
  /** A reader and a writer for each of ten dialects, with declarations, maps and sources. */
  "@parley/jobspec": { code: codeBudget, unpacked: 1_200_000 },
  /** Both eras over four transports, tasks, tokens, limits, events and audit, with declarations, maps and sources. */
  "@parley/server": { code: codeBudget, unpacked: 1_100_000 },
  /** Two faces, documents, pools, pins, scan, audit and recordings, with declarations, maps and sources. */
  "@parley/gateway": { code: 450_000, unpacked: 1_700_000 },
  /** Its command holds what a plain server needs, to start at once: decision 25. */
  "@parley/mcpserver": { code: 3_400_000, unpacked: 3_900_000 },
};

test("packed files hold no tests, fixtures or build state, and stay small", { timeout: 180_000 }, () => {
  const folders = published.map((member) => `./${member.folder}`);
  const args = ["pack", ...folders, "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const packed = Packed.parse(JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8" })));
  const paths = packed.flatMap(({ name, files }) => files.map(({ path }) => `${name}/${path}`));
  expect(packed).toHaveLength(published.length);
  expect(paths.filter((path) => /\/(?:test|fixtures)\/|\.tsbuildinfo$|\.test\./.test(path))).toEqual([]);
  expect(paths.filter((path) => path.split("/").length === 3 && path.endsWith("/README.md"))).toHaveLength(
    published.length,
  );
  const sizes = packed.map(({ name, unpackedSize, files }) => {
    const scripts = files.filter(({ path }) => path.startsWith("dist/") && path.endsWith(".js"));
    return { name, unpackedSize, code: scripts.reduce((sum, { size }) => sum + size, 0) };
  });
  const over = sizes.filter(({ name, code, unpackedSize }) => {
    const budget = larger[name] ?? { code: codeBudget, unpacked: unpackedBudget };
    return code > budget.code || unpackedSize > budget.unpacked;
  });
  expect(over).toEqual([]);
});

/** Absolute paths of a build machine. The brackets keep this file from matching itself. */
const machinePaths = /[/]work[/](?:wt|main|shared)|[/]root[/]|file:[/]{2}[/]home/;

test("tracked files name no machine", () => {
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  const offenders = tracked
    .filter(
      (path) => path !== "" && existsSync(join(root, path)) && !lstatSync(join(root, path)).isSymbolicLink(),
    )
    .filter((path) => !/fixtures\//.test(path) && machinePaths.test(text(path)));
  expect(offenders).toEqual([]);
});
