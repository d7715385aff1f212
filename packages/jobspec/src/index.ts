/** Batch scripts and jobspecs read, written and turned into one another: Flux, Slurm, PBS, LSF, OAR, Cobalt, Moab, Kubernetes. */

export { Dialect, dialects } from "./dialect.ts";
export {
  BatchField,
  BatchJob,
  Begin,
  Dependency,
  JobArray,
  JobEnvironment,
  JobSignal,
  License,
  Mail,
  Priority,
} from "./batch-job.ts";
export { Loss, Why } from "./loss.ts";
export { completeShape } from "./fields/shape.ts";
export type { Shape } from "./fields/shape.ts";
export { counterparts } from "./counterparts.ts";
export type { Counterpart, CounterpartRow } from "./counterparts.ts";
export { detectDialect } from "./detect.ts";
export { readBatchJob, transform, writeBatchJob } from "./transform.ts";
export type {
  ReadJob,
  ReadOptions,
  TransformOptions,
  Transformed,
  WriteOptions,
  WrittenJob,
} from "./transform.ts";
export {
  countResources,
  explainJobspec,
  normaliseJobspec,
  parseJobspec,
  validateJobspec,
} from "./jobspec/index.ts";
export type { JobspecExplanation, JobspecProblem, JobspecVerdict } from "./jobspec/index.ts";
