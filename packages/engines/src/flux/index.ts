/** The engine for Flux instances, and everything of an instance that the engine's port has no word for. */

export { createFluxEngine } from "./engine.ts";
export type { FluxEngineOptions } from "./engine.ts";
export { createFluxInstance } from "./instance.ts";
export type { FluxInstance, FluxInstanceOptions } from "./instance.ts";
export type { ListJobsRequest } from "./instance-jobs.ts";
export type { FluxQueue } from "./instance-site.ts";
export type { BatchRequest, SubmitJobspecOptions, ValidateOptions } from "./instance-submit.ts";
export { buildJobspec } from "./jobspec.ts";
export type { FluxJobspec, JobspecRequest } from "./jobspec.ts";
export { countResources } from "./jobspec-counts.ts";
export { checkFluxUri } from "./address.ts";
export type { FluxEstimate } from "./estimate.ts";
export type { FluxEvent } from "./events.ts";
export type { FluxJob } from "./job-record.ts";
export type { FluxAbout, FluxNodeStatus, FluxResources, FluxResourceSet } from "./site.ts";
export type { FluxVerdict } from "./validation.ts";
