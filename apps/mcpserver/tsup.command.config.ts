import { defineConfig } from "tsup";
import type { Options } from "tsup";
import { leaveOut } from "./leave-out.ts";
import { thirdPartyNotices } from "./third-party-notices.ts";

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
  "@parley/page",
  "@parley/providers",
  "@parley/secretary/model",
  "@parley/simulation",
  "better-sqlite3",
  "jiti",
  "undici",
];

/** The command with all that a plain server needs inside, since hundreds of small files take long to find (decision 25). */
export const command: Options = {
  entry: ["src/cli.ts"],
  format: "esm",
  target: "node20",
  dts: false,
  splitting: true,
  clean: false,
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
  esbuildPlugins: [leaveOut(), thirdPartyNotices()],
};

export default defineConfig(command);
