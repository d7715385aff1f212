import { runProgram } from "@parley/cli";
import { splitArguments } from "./arguments.ts";
import { createProgram } from "./program.ts";

const { own, upstream } = splitArguments(process.argv.slice(2));
void runProgram((io) => createProgram(io, { upstream }), own);
