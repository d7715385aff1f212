import { runProgram } from "@parley/cli";
import { createParleyProgram } from "./parley-program.ts";

await runProgram(createParleyProgram, process.argv.slice(2));
