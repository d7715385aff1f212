import { runProgram } from "@parley/cli";
import { createWorkerProgram } from "./program.ts";

await runProgram(createWorkerProgram, process.argv.slice(2));
