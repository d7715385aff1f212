import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/cli.ts", "src/parley-cli.ts"],
  format: "esm",
  target: "node20",
  dts: false,
  splitting: true,
  clean: false,
});
