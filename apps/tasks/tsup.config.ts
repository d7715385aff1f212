import { defineConfig } from "tsup";
import { commandEntries } from "../../scripts/bundle/command-files.ts";
import { commandLine } from "../../scripts/bundle/command-line.ts";

const commands = ["agent", "list", "prompt", "run", "show"].map((name) => `src/parley/${name}-command.ts`);

export default defineConfig([
  {
    entry: { index: "src/index.ts", cli: "src/cli.ts", ...commandEntries(commands) },
    format: "esm",
    target: "node20",
    dts: false,
    splitting: true,
    clean: false,
  },
  commandLine({ "parley-cli": "src/parley-cli.ts" }, commands),
]);
