/** The programs `mcpo` and `parley-proxy`; what they serve is `@parley/gateway`. */

export { createProgram } from "./program.ts";
export type { ProgramOptions } from "./program.ts";
export { splitArguments } from "./arguments.ts";
export type { SplitArguments } from "./arguments.ts";
