import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly mcpName: string;
}

/** Each adapter's entry for the MCP registry, with the name, version and package of its package.json. */
export function serverFiles(root: string): readonly (readonly [string, string])[] {
  const parent = "packages/adapters";
  return readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}/server.json`)
    .filter((path) => existsSync(join(root, path)))
    .map((path) => {
      const manifest: Manifest = read(root, path.replace("server.json", "package.json"));
      const server: { packages: readonly object[] } = read(root, path);
      const { name: identifier, version, mcpName: name } = manifest;
      const packages = server.packages.map((each) => ({ ...each, identifier, version }));
      return [path, `${JSON.stringify({ ...server, name, version, packages }, undefined, 2)}\n`] as const;
    });
}

function read(root: string, path: string) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}
