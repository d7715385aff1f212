/** The engine for Flux instances. */

export { createFluxEngine } from "./engine.ts";
export type { FluxEngineOptions } from "./engine.ts";
