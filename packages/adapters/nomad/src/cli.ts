import { runProgram } from "@parley/cli";
import { createNomadProgram } from "./program.ts";

await runProgram(createNomadProgram, process.argv.slice(2));
