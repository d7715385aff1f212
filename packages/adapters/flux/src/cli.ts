import { runProgram } from "@parley/cli";
import { createFluxProgram } from "./program.ts";

await runProgram(createFluxProgram, process.argv.slice(2));
