/** What every Parley command shares. Light on purpose: nothing here loads a schema library before `--help` is out. */

export { isSwitch, longFlag, option, withDefaults } from "./option.ts";
export type { JsonSchema, Option, OptionTable, OptionValues, Origin, Reader } from "./option.ts";
export { reader, reads } from "./reads.ts";
export { llmOptions } from "./llm-options.ts";
export { addOptions } from "./flags.ts";
export { resolveOptions, settleOptions } from "./resolve.ts";
export type { Resolved } from "./resolve.ts";
export type { FilePlace, FileSource, OptionSources, Settled } from "./settle.ts";
export { inFile } from "./settle.ts";
export { checkFileKeys, fileKeyProblems } from "./file-keys.ts";
export { fileSchema } from "./json-schema.ts";
export type { FileSchemaOptions } from "./json-schema.ts";
export { showSettings } from "./show-settings.ts";
export type { ShownSetting } from "./show-settings.ts";
export { openTrust, readTrust } from "./trust.ts";
export type { Trust, TrustSources } from "./trust.ts";
export { nearest } from "./nearest.ts";
export { plainColors, processIo, startProgress } from "./io.ts";
export type { Colors, Io } from "./io.ts";
export { ExitWith, wasInterrupted } from "./exit-with.ts";
export { execute, runProgram } from "./run.ts";
export { keepCompiled } from "./compile-cache.ts";
export type { KeepCompiledOptions } from "./compile-cache.ts";
export { helpCommand } from "./help-command.ts";
export { packageVersion } from "./version.ts";
