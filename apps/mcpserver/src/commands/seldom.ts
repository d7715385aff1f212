/**
 * The commands that are not `start`, in one module: each by itself would have the bundler put what it shares with a start
 * into files of its own, and every file takes time to find.
 */

export { checkConfig, printSchema } from "./config.ts";
export { exportTools } from "./export-tools.ts";
export { printConfig } from "./print-config.ts";
export { runSimulate } from "./simulate.ts";
export { runTokenAdd, runTokenEnd, runTokenList } from "./token.ts";
