import { runProgram } from "@parley/cli";
import { createHubProgram } from "./program.ts";

await runProgram(createHubProgram, process.argv.slice(2));
