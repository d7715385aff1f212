import { defineConfig } from "tsup";
import { throughBarrels } from "../../scripts/bundle/barrels.ts";
import { requireBuiltins } from "../../scripts/bundle/builtins.ts";
import { commandEntries } from "../../scripts/bundle/command-files.ts";
import { commandLine } from "../../scripts/bundle/command-line.ts";
import type { Part } from "../../scripts/bundle/command-line.ts";
import { leaveOut } from "../../scripts/bundle/leave-out.ts";
import { thirdPartyNotices } from "../../scripts/bundle/third-party-notices.ts";

/** What no plain server needs, what has files beside itself, and what is native. */
const apart = [
  "@fastify/swagger-ui",
  "@modelcontextprotocol/server-legacy/sse",
  "@parley/mcpserver",
  "@parley/databases",
  "@parley/fleet",
  "@parley/llm",
  "@parley/llm/open",
  "@parley/mcp-client",
  "@parley/mcp-client/stdio",
  "@parley/mount",
  "@parley/page/assets",
  "@parley/providers",
  "@parley/secretary/model",
  "@parley/simulation",
  "better-sqlite3",
  "jiti",
  "undici",
];

const files = ["src/commands/start.ts", "src/commands/seldom.ts"];

export const line = commandLine({ cli: "src/cli.ts" }, files);

/** The commands with all that a plain server needs inside, since hundreds of small files take long to find (decision 25). */
export const commands: Part = {
  entry: commandEntries(files),
  format: "esm",
  target: "node20",
  dts: false,
  clean: false,
  splitting: true,
  noExternal: [new RegExp(`^(?!(?:${apart.join("|")})$)`)],
  external: apart,
  // Or what is imported by that protocol reaches no plugin.
  removeNodeProtocol: false,
  esbuildOptions: (options) => {
    options.minifyWhitespace = true;
    options.minifySyntax = true;
  },
  // CommonJS among the bundled packages asks for Node's own modules by require.
  banner: {
    js: 'import { createRequire as bundledRequire } from "node:module"; const require = bundledRequire(import.meta.url);',
  },
  esbuildPlugins: [throughBarrels(import.meta.dirname), leaveOut(), thirdPartyNotices()],
  plugins: [requireBuiltins()],
};

export default defineConfig([line, commands]);
