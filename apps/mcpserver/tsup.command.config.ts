import { defineConfig } from "tsup";
import type { Options } from "tsup";
import { throughBarrels } from "./barrels.ts";
import { requireBuiltins } from "./builtins.ts";
import { commandFiles } from "./command-files.ts";
import { leaveOut } from "./leave-out.ts";
import { thirdPartyNotices } from "./third-party-notices.ts";

/** What no plain server needs, what has files beside itself, and what is native. */
const apart = [
  "@fastify/swagger-ui",
  "@modelcontextprotocol/server-legacy/sse",
  "@parley/mcpserver",
  "@parley/databases",
  "@parley/fleet",
  "@parley/mcp-client",
  "@parley/mcp-client/stdio",
  "@parley/mount",
  "@parley/page/assets",
  "@parley/providers",
  "@parley/simulation",
  "better-sqlite3",
  "jiti",
  "undici",
];

type Part = Options & { readonly entry: Readonly<Record<string, string>> };

const both: Options = {
  target: "node20",
  dts: false,
  clean: false,
  noExternal: [new RegExp(`^(?!(?:${apart.join("|")})$)`)],
  external: apart,
  // Or what is imported by that protocol reaches no plugin.
  removeNodeProtocol: false,
  esbuildOptions: (options) => {
    options.minifyWhitespace = true;
    options.minifySyntax = true;
  },
};

/**
 * The command line: what `--help` and a wrong flag need, in one file. It is CommonJS, which Node.js loads in a third of
 * the time: the loader of modules waits until a command runs.
 */
export const line: Part = {
  ...both,
  entry: { cli: "src/cli.ts" },
  format: "cjs",
  shims: true,
  esbuildPlugins: [
    throughBarrels(),
    commandFiles(),
    leaveOut(),
    thirdPartyNotices("third-party-licenses.cli.txt"),
  ],
};

/** The commands with all that a plain server needs inside, since hundreds of small files take long to find (decision 25). */
export const commands: Part = {
  ...both,
  entry: { "command-start": "src/commands/start.ts", "command-seldom": "src/commands/seldom.ts" },
  format: "esm",
  splitting: true,
  // CommonJS among the bundled packages asks for Node's own modules by require.
  banner: {
    js: 'import { createRequire as bundledRequire } from "node:module"; const require = bundledRequire(import.meta.url);',
  },
  esbuildPlugins: [throughBarrels(), leaveOut(), thirdPartyNotices()],
  plugins: [requireBuiltins()],
};

export default defineConfig([line, commands]);
