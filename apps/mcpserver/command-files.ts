import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Leaves `import("./commands/NAME.ts")` as an import of the file `command-NAME.js` beside it. */
export function commandFiles(): Plugin {
  return {
    name: "command-files",
    setup(build) {
      build.onResolve({ filter: /\/commands\/[a-z-]+\.ts$/ }, ({ kind, path }) =>
        kind === "dynamic-import"
          ? { path: path.replace(/^.*\/commands\/([a-z-]+)\.ts$/, "./command-$1.js"), external: true }
          : undefined,
      );
    },
  };
}
