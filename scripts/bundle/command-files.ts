import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Leaves `import("./commands/NAME.ts")` as an import of the file `commands-NAME.js` beside the bundle. */
export function commandFiles(): Plugin {
  return {
    name: "command-files",
    setup(build) {
      build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, async ({ kind, path, resolveDir, pluginData }) => {
        if (kind !== "dynamic-import" || pluginData === asked) return undefined;
        const { path: file } = await build.resolve(path, { kind, resolveDir, pluginData: asked });
        return { path: `./${fileOf(file)}.js`, external: true };
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
