import { JobRequirements, Labels } from "@parley/core";
import { z } from "zod";

/** Longest request in words a hub takes. */
export const maxPromptLength = 16_384;

export const prompt = z
  .string()
  .max(maxPromptLength)
  .describe("The job in words, e.g. LAMMPS on 3 nodes for 2 hours");

/** Structured fields that outrank the words: any part of job-requirements/1. */
export const overrides = JobRequirements.omit({ schema: true })
  .partial()
  .optional()
  .describe("Parts of job-requirements/1 that outrank the words, e.g. {compute: {nodes: {min: 2, max: 2}}}");

export const workerId = z.string().min(1).max(63).describe("Id of a worker, as get_fleet_status lists it");

export const whom = {
  workers: z.array(workerId).max(10_000).optional().describe("Ask only these"),
  labels: Labels.optional().describe("Ask only workers that carry all of these, e.g. {site: llnl}"),
  timeout_seconds: z
    .number()
    .positive()
    .max(600)
    .optional()
    .describe("Seconds for the whole round; default no limit beyond each worker's own"),
} as const;

export const strategies = z
  .array(z.string().min(1).max(64))
  .max(10)
  .optional()
  .describe("Selection strategies in order, e.g. [weighted, random]; default truth gate then weighted");

export const seed = z.string().max(64).optional().describe("Makes random choices repeatable");

export const jobId = z.string().min(1).max(64).describe("Hub job id, e.g. job_7k3m9q2x4v8n");
