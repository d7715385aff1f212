import { defineConfig } from "tsup";
import { thirdPartyNotices } from "./third-party-notices.ts";

const common = {
  format: "esm",
  target: "node20",
  dts: false,
  splitting: true,
  clean: false,
} as const;

/** What no plain server needs, what has files beside itself, and what is native. */
const apart = [
  "@parley/mcpserver",
  "@parley/databases",
  "@parley/fleet",
  "@parley/providers",
  "@parley/simulation",
  "better-sqlite3",
  "jiti",
];

/** The library keeps its imports; the command is whole, since hundreds of small files take long to find (decision 25). */
export default defineConfig([
  { ...common, entry: ["src/index.ts", "src/program.ts"], external: ["@parley/mcpserver"] },
  {
    ...common,
    entry: ["src/cli.ts"],
    noExternal: [new RegExp(`^(?!(?:${apart.join("|")})$)`)],
    external: apart,
    esbuildOptions: (options) => {
      options.minifyWhitespace = true;
      options.minifySyntax = true;
    },
    // CommonJS among the bundled packages asks for Node's own modules by require.
    banner: {
      js: 'import { createRequire as bundledRequire } from "node:module"; const require = bundledRequire(import.meta.url);',
    },
    esbuildPlugins: [thirdPartyNotices()],
  },
]);
