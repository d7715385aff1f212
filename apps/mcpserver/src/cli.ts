import { runProgram } from "@parley/cli";
import { createProgram } from "./program.ts";

await runProgram(createProgram, process.argv.slice(2));
