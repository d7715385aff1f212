/** How the software of a site is asked for: what the providers and the adapters share. */

export { availArguments, findModuleSystem, moduleVariables, parseTerseModules } from "./module-system.ts";
export type { ModuleSystem } from "./module-system.ts";
