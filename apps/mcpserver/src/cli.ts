import { runProgram } from "@parley/cli";
import { createProgram } from "./program.ts";

void runProgram(createProgram, process.argv.slice(2));
