import { runProgram } from "@parley/cli";
import { createTensorPoolProgram } from "./program.ts";

await runProgram(createTensorPoolProgram, process.argv.slice(2));
