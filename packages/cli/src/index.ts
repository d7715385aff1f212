/** What every Parley command shares. Light on purpose: nothing here loads a schema library before `--help` is out. */

export { option, reads } from "./option.ts";
export type { Option, OptionTable, OptionValues, Origin } from "./option.ts";
export { addOptions, checkFileKeys, resolveOptions } from "./resolve.ts";
export type { OptionSources, Resolved } from "./resolve.ts";
export { openTrust, readTrust } from "./trust.ts";
export type { Trust, TrustSources } from "./trust.ts";
export { nearest } from "./nearest.ts";
export { plainColors, processIo, startProgress } from "./io.ts";
export type { Colors, Io } from "./io.ts";
export { ExitWith, execute, runProgram } from "./run.ts";
export { packageVersion } from "./version.ts";
