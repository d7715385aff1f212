/** The engine for Slurm clusters, and all else that Slurm can do. */

export { createSlurmEngine } from "./engine.ts";
export type { SlurmEngineOptions } from "./engine.ts";
export type { SlurmCommand } from "./client.ts";
export { createSlurm } from "./slurm.ts";
export type { Slurm, SlurmOptions } from "./slurm.ts";
export type { QueueFilter, SlurmJob } from "./queue.ts";
export type { SlurmJobDetails } from "./job-details.ts";
export type { SlurmNodeDetails } from "./node-details.ts";
export type { AccountedJob, AccountingFilter } from "./accounting.ts";
export type { SlurmScript } from "./script.ts";
export type { SlurmExtras } from "./extras.ts";
