import { runProgram } from "@parley/cli";
import { createProgram } from "./program.ts";

void runProgram((io) => createProgram(io), process.argv.slice(2));
