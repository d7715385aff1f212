import { runProgram } from "@parley/cli";
import { createSecretaryProgram } from "./secretary/program.ts";

void runProgram((io) => createSecretaryProgram(io), process.argv.slice(2));
