import { runProgram } from "@parley/cli";
import { createTasksProgram } from "./program.ts";

await runProgram(createTasksProgram, process.argv.slice(2));
