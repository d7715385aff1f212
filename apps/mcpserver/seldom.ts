import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const registry = dirname(createRequire(import.meta.url).resolve("@parley/tool-registry"));

/** What only some command lines need, each imported when it is. */
const parts = [
  "./src/commands/config.ts",
  "./src/commands/export-tools.ts",
  "./src/commands/print-config.ts",
  "./src/commands/simulate.ts",
  "./src/commands/token.ts",
  "@parley/server/oauth",
  join(registry, "_own-modules.js"),
];
const filter =
  /\/(?:config|export-tools|print-config|simulate|token)\.ts$|^@parley\/server\/oauth$|\/_own-modules\.js$/;

/**
 * Makes one module of them. Each by itself would have the bundler put what it shares with a plain start into files of
 * its own, two dozen of them, and a file takes a third of a millisecond to find.
 */
export function seldomTogether(): Plugin {
  return {
    name: "seldom-together",
    setup(build) {
      build.onResolve({ filter }, ({ kind }) =>
        kind === "dynamic-import" ? { path: "seldom", namespace: "seldom" } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: "seldom" }, () => ({
        contents: parts.map((part) => `export * from ${JSON.stringify(part)};`).join("\n"),
        resolveDir: dirname(fileURLToPath(import.meta.url)),
      }));
    },
  };
}
