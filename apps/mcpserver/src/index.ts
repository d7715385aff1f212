/** `mcpserver start` as a library: the same functions the command runs. */

export { startOptions } from "./options.ts";
export { addStartOptions } from "./start-command.ts";
export type { StartDefaults } from "./start-command.ts";
export { configSchema } from "./config.ts";
export type { SettingsSources } from "./config.ts";
export { readSettings } from "./settings.ts";
export type { Settings } from "./settings.ts";
export { start } from "./start.ts";
export type { Running, StartDependencies } from "./running.ts";
export { simulate } from "./simulate.ts";
export type { SimulateOptions, SimulatedFleet } from "./simulate.ts";
export { version } from "./version.ts";
export { runStart } from "./commands/start.ts";
export type { RunStartOptions } from "./commands/start.ts";
export { formatTools } from "./tool-formats.ts";
export type { ExportedTool, ToolFormat } from "./tool-formats.ts";
export { createLoader } from "./load/loader.ts";
export type { Loader, LoaderOptions, LoadSettings } from "./load/loader.ts";
export type { LoadEntry } from "./load/entry.ts";
export type { OwnContext, OwnItems, OwnPart, OwnRoutes } from "./own-part.ts";
export { adapterProgram, createProgram, roleProgram } from "./program.ts";
export type { AdapterProgram } from "./program.ts";
export type { Role } from "./program.ts";
