import { defineConfig } from "tsup";
import { commandEntries } from "../../scripts/bundle/command-files.ts";
import { commandLine } from "../../scripts/bundle/command-line.ts";
import { mcpserver } from "../../scripts/bundle/mcpserver.ts";

const commands = [
  ...["agent", "list", "prompt", "run", "show"].map((name) => `src/parley/${name}-command.ts`),
  "src/open-tasks.ts",
  "src/import-tasks.ts",
];

export const line = commandLine(
  { cli: "src/cli.ts", "parley-cli": "src/parley-cli.ts" },
  commands,
  mcpserver,
);

export default defineConfig([
  {
    entry: { index: "src/index.ts", ...commandEntries(commands) },
    format: "esm",
    target: "node20",
    dts: false,
    splitting: true,
    clean: false,
  },
  line,
]);
