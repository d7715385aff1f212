import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Packages whose whole index is also imported while the command runs, for modules of tools. */
const barrels = [
  "@parley/cli",
  "@parley/core",
  "@parley/exec",
  "@parley/mcp-tasks",
  "@parley/page",
  "@parley/server",
  "@parley/tool-registry",
] as const;

const imported = /^import \{([^}]+)\} from "(@parley\/[^"]+)";$/gm;
const exported = /^export \{([^}]+)\} from "(\.\/[^"]+)";$/gm;

/**
 * Imports each name from the file that defines it. Where an index is imported as a whole somewhere, the bundler would
 * load all of it wherever one of its names is used: every record's schema with the class for errors.
 * @param resolveDir - the folder whose package depends on all of them
 */
export function throughBarrels(resolveDir: string): Plugin {
  return {
    name: "through-barrels",
    setup(build) {
      const homes = new Map<string, ReadonlyMap<string, string>>();
      build.onStart(async () => {
        for (const name of barrels) {
          const { path } = await build.resolve(name, { kind: "import-statement", resolveDir });
          homes.set(name, await homesOf(path));
        }
      });
      build.onLoad({ filter: /[\\/](?:packages|apps)[\\/].*\.(?:js|ts)$/ }, async ({ path }) => {
        if (path.includes("node_modules")) return undefined;
        const text = await readFile(path, "utf8");
        const contents = text.replace(imported, (whole: string, names: string, from: string) => {
          const files = homes.get(from);
          return files === undefined ? whole : importsOf(names, files);
        });
        return { contents, loader: path.endsWith(".ts") ? "ts" : "js" };
      });
    },
  };
}

/** The file of each name that an index exports. */
async function homesOf(index: string): Promise<ReadonlyMap<string, string>> {
  const homes = new Map<string, string>();
  for (const [, names = "", from = ""] of (await readFile(index, "utf8")).matchAll(exported)) {
    for (const name of namesIn(names)) homes.set(name, join(dirname(index), from));
  }
  return homes;
}

function importsOf(names: string, homes: ReadonlyMap<string, string>): string {
  return namesIn(names)
    .map((name) => {
      const home = homes.get(name.replace(/ as .*/, ""));
      if (home === undefined) throw new Error(`No index exports ${name}.`);
      return `import { ${name} } from ${JSON.stringify(home)};`;
    })
    .join("");
}

function namesIn(names: string): readonly string[] {
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));
}
