import { defineConfig } from "tsup";
import { commandLine } from "../../scripts/bundle/command-line.ts";
import { mcpserver } from "../../scripts/bundle/mcpserver.ts";

export const line = commandLine({ cli: "src/cli.ts" }, [], mcpserver);

export default defineConfig([
  { entry: ["src/index.ts"], format: "esm", target: "node20", dts: false, clean: false },
  line,
]);
