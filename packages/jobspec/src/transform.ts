import { ParleyError } from "@parley/core";
import { z } from "zod";
import { unreadable } from "./_fault.ts";
import { cleanText } from "./_limits.ts";
import { BatchJob } from "./batch-job.ts";
import type { BatchField } from "./batch-job.ts";
import { detectDialect } from "./detect.ts";
import type { Dialect } from "./dialect.ts";
import { implementations } from "./dialects.ts";
import type { Origin } from "./draft.ts";
import { lossAt } from "./draft.ts";
import type { Loss } from "./loss.ts";
import { findDependence, renameVariables } from "./variables/find.ts";
import { createPen } from "./writing.ts";

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

export interface ReadOptions {
  /** Default: {@link detectDialect}. */
  readonly from?: Dialect | undefined;
}

export interface WriteOptions {
  readonly to: Dialect;
  /** Container image of a Kubernetes job that names none. Default `docker.io/library/debian:12`, reported. */
  readonly image?: string | undefined;
}

export interface TransformOptions extends WriteOptions, ReadOptions {
  /** Rename variables of the scheduler in the script where the target has an exact counterpart. Default false. */
  readonly translateVariables?: boolean | undefined;
}

interface Drafted extends ReadJob {
  readonly origins: ReadonlyMap<BatchField, Origin>;
}

function draftOf(clean: string, { from = detectDialect(clean) }: ReadOptions): Drafted {
  if (from === undefined) {
    throw unreadable("No directive of a scheduler, no jobspec and no Job: say which dialect it is (from).");
  }
  const { job, report, origins } = implementations[from].read(clean);
  return { job, from, report, origins };
}

/**
 * Reads a batch script, jobspec or Job.
 * @throws ParleyError `E_JOBSPEC_INVALID` with the line, or `E_JOBSPEC_TOO_LARGE`.
 */
export function readBatchJob(text: string, options: ReadOptions = {}): ReadJob {
  const { job, from, report } = draftOf(cleanText(text), options);
  return { job, from, report };
}

/** A job no field of which can become another directive. */
function checked(job: BatchJob): BatchJob {
  const parsed = BatchJob.safeParse(job);
  if (!parsed.success) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `The job cannot be written: ${z.prettifyError(parsed.error)}`,
    );
  }
  const { script } = parsed.data;
  return script === undefined ? parsed.data : { ...parsed.data, script: cleanText(script) };
}

/**
 * Writes a job in a dialect. What it cannot say is in the report.
 * @throws ParleyError `E_ARGUMENT_INVALID` when the job does not fit {@link BatchJob}.
 */
export function writeBatchJob(job: BatchJob, { to, image }: WriteOptions): WrittenJob {
  const sound = checked(job);
  const pen = createPen(sound, new Map());
  return { text: implementations[to].write(sound, pen, image), report: pen.report };
}

function bodyLosses(source: string, read: Drafted, options: TransformOptions): Loss[] {
  const { to, translateVariables = false } = options;
  const found = findDependence(source, { from: read.from, to, translated: translateVariables });
  const { modules = [] } = read.job;
  if (to !== "kubernetes" || modules.length === 0) return found;
  const note = "An image has its own software: choose one that has these.";
  const origin = { directive: "module", value: modules.join(" ") };
  return [...found, lossAt(origin, { why: "modules in body", where: "body", note, field: "script" })];
}

/**
 * Turns a job of one dialect into another. Nothing is dropped silently: what could not be kept, or not as it was,
 * is in the report, with the line of the source.
 * @throws ParleyError `E_JOBSPEC_INVALID` with the line, or `E_JOBSPEC_TOO_LARGE`.
 */
export function transform(text: string, options: TransformOptions): Transformed {
  const source = cleanText(text);
  const read = draftOf(source, options);
  const { to, image, translateVariables = false } = options;
  const { script } = read.job;
  const job =
    translateVariables && script !== undefined
      ? { ...read.job, script: renameVariables(script, { from: read.from, to }) }
      : read.job;
  const pen = createPen(job, read.origins);
  const written = implementations[to].write(job, pen, image);
  return {
    text: written,
    job,
    from: read.from,
    report: [...read.report, ...pen.report, ...bodyLosses(source, read, options)],
  };
}
