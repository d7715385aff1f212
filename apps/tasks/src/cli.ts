import { runProgram } from "@parley/cli";
import { createTasksProgram } from "./program.ts";

void runProgram(createTasksProgram, process.argv.slice(2));
