import { defineConfig } from "tsup";

/** This package as a library: it keeps its imports. `tsup.command.config.ts` builds the command, after this one has cleaned. */
export default defineConfig({
  entry: ["src/index.ts", "src/program.ts"],
  external: ["@parley/mcpserver"],
  format: "esm",
  target: "node20",
  dts: false,
  splitting: true,
  // What is left of an earlier build would be published; the declarations are tsc's.
  clean: ["!types/**"],
});
