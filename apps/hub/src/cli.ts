import { runProgram } from "@parley/cli";
import { createHubProgram } from "./program.ts";

void runProgram(createHubProgram, process.argv.slice(2));
