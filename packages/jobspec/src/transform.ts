import { ParleyError } from "@parley/core";
import type { BatchJob } from "./batch-job.ts";
import type { Dialect } from "./dialect.ts";
import type { Loss } from "./loss.ts";

/** What {@link readBatchJob} found. */
export interface ReadJob {
  readonly job: BatchJob;
  readonly from: Dialect;
  readonly report: readonly Loss[];
}

/** What {@link writeBatchJob} made. */
export interface WrittenJob {
  readonly text: string;
  readonly report: readonly Loss[];
}

/** What {@link transform} made: the text, the job between, the dialect it was in, and all that is not the same. */
export interface Transformed extends WrittenJob, ReadJob {}

export interface WriteOptions {
  readonly to: Dialect;
  /** Container image of a Kubernetes job that names none. Default `docker.io/library/debian:12`, reported. */
  readonly image?: string | undefined;
}

export interface TransformOptions extends WriteOptions {
  /** Default: {@link detectDialect}. */
  readonly from?: Dialect | undefined;
  /** Rename variables of the scheduler in the script where the target has an exact counterpart. Default false. */
  readonly translateVariables?: boolean | undefined;
}

const unfinished = (): never => {
  throw new ParleyError("E_INTERNAL", "unfinished");
};

export const detectDialect = (_text: string): Dialect | undefined => unfinished();
export const readBatchJob = (_text: string, _options: { from?: Dialect | undefined } = {}): ReadJob =>
  unfinished();
export const writeBatchJob = (_job: BatchJob, _options: WriteOptions): WrittenJob => unfinished();
export const transform = (_text: string, _options: TransformOptions): Transformed => unfinished();
