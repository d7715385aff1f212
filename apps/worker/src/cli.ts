import { runProgram } from "@parley/cli";
import { createWorkerProgram } from "./program.ts";

void runProgram(createWorkerProgram, process.argv.slice(2));
