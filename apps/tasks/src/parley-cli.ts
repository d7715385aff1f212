import { runProgram } from "@parley/cli";
import { createParleyProgram } from "./parley-program.ts";

void runProgram(createParleyProgram, process.argv.slice(2));
