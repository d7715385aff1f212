/** This machine as a site that runs jobs itself. */

export { createLocalEngine } from "./local-engine.ts";
export type { LocalEngineOptions } from "./local-engine.ts";
export type { LaunchRunner } from "./launch.ts";
