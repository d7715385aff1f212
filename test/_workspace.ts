import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export const root = fileURLToPath(new URL("..", import.meta.url));

const Names = z.record(z.string(), z.string()).default({});
const Manifest = z.object({
  name: z.string(),
  version: z.string().default("0.0.0"),
  /** Name in the MCP registry. */
  mcpName: z.string().optional(),
  private: z.boolean().optional(),
  type: z.string().optional(),
  license: z.string().optional(),
  scripts: Names,
  bin: Names,
  dependencies: Names,
  peerDependencies: Names,
  files: z.array(z.string()).default([]),
  exports: z.record(z.string(), z.unknown()).default({}),
});

/** One member of the workspace. `id` is its folder without `packages/`, such as `core` or `adapters/echo`. */
export interface Member {
  readonly id: string;
  readonly folder: string;
  readonly kind: "package" | "adapter" | "app" | "example";
  readonly manifest: z.infer<typeof Manifest>;
}

const groups = {
  packages: "package",
  "packages/adapters": "adapter",
  apps: "app",
  examples: "example",
} as const;

/** Every package, adapter, app and example. */
export const members: readonly Member[] = Object.entries(groups).flatMap(([group, kind]) => {
  const parent = join(root, group);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .map((name) => ({ folder: `${group}/${name}`, file: join(parent, name, "package.json") }))
    .filter(({ file }) => existsSync(file))
    .map(({ folder, file }) => ({
      id: folder.replace(/^packages\//, ""),
      folder,
      kind,
      manifest: Manifest.parse(JSON.parse(readFileSync(file, "utf8"))),
    }));
});

/** Members that are published. */
export const published = members.filter((member) => member.kind !== "example");

/** The workspace members a member depends on at run time. */
export function internalDependencies(member: Member): readonly Member[] {
  const { dependencies, peerDependencies } = member.manifest;
  return Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) =>
    members.filter((other) => other.manifest.name === name),
  );
}

/** Paths of a folder's source files, relative to the repository. */
export function sources(folder: string): readonly string[] {
  const start = join(root, folder, "src");
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(?:ts|js)$/.test(path) && !basename(path).endsWith(".d.ts"))
    .map((path) => `${folder}/src/${path}`);
}

export function text(path: string): string {
  return readFileSync(join(root, path), "utf8");
}
