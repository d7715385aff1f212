/** The engine for Slurm clusters. */

export { createSlurmEngine } from "./engine.ts";
export type { SlurmEngineOptions } from "./engine.ts";
export type { SlurmCommand } from "./client.ts";
