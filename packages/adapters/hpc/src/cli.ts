import { runProgram } from "@parley/cli";
import { createHpcProgram } from "./program.ts";

await runProgram(createHpcProgram, process.argv.slice(2));
