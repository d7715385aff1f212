import { readdirSync } from "node:fs";
import { defineConfig } from "tsup";
import { commandEntries } from "../../scripts/bundle/command-files.ts";
import { commandLine } from "../../scripts/bundle/command-line.ts";

const commands = [
  ...readdirSync("src/commands").map((name) => `src/commands/${name}`),
  ...["apps", "ask", "detect", "providers"].map((name) => `src/secretary/${name}.ts`),
];

export default defineConfig([
  {
    entry: { index: "src/index.ts", ...commandEntries(commands) },
    format: "esm",
    target: "node20",
    dts: false,
    splitting: true,
    clean: false,
  },
  commandLine({ cli: "src/cli.ts", "resource-secretary": "src/resource-secretary.ts" }, commands),
]);
