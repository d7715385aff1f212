import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** A package whose sources are bundled, and what its commands are imported from when they run. */
export interface Library {
  readonly folder: string;
  readonly name: string;
}

/**
 * Leaves `import("./commands/NAME.ts")` as an import of the file `commands-NAME.js` beside the bundle, and within the
 * sources of a library as one of the library.
 * @param files - those that another build makes of {@link commandEntries}; an import of any other fails this one
 */
export function commandFiles(files: readonly string[], library?: Library): Plugin {
  const known = new Set(files.map(fileOf));
  return {
    name: "command-files",
    setup(build) {
      build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, async ({ kind, path, resolveDir, pluginData }) => {
        if (kind !== "dynamic-import" || pluginData === asked) return undefined;
        const { path: file } = await build.resolve(path, { kind, resolveDir, pluginData: asked });
        const name = fileOf(file);
        if (library !== undefined && file.startsWith(library.folder))
          return { path: library.name, external: true };
        if (known.has(name)) return { path: `./${name}.js`, external: true };
        return { errors: [{ text: `${path} is imported when a command runs, and is no entry of its own.` }] };
      });
    },
  };
}

const asked = Symbol("asked");

/** Files of `src` as the entries of a build, each by the name that {@link commandFiles} imports it by. */
export function commandEntries(files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [fileOf(file), file]));
}

function fileOf(path: string): string {
  return path
    .replace(/^(?:.*[\\/])?src[\\/]/, "")
    .replace(/\.ts$/, "")
    .replaceAll(/[\\/]/g, "-");
}
