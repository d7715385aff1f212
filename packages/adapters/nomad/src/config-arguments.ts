import { isoTime } from "@parley/core";
import { z } from "zod";
import { JobId, Namespace } from "./arguments.ts";
import type { JobConfig } from "./config-store.ts";
import { normalizeRepository } from "./repository.ts";

/** A repository, however it is written. */
export const Repository = z
  .string()
  .min(3)
  .max(512)
  .describe("Repository as owner/name or its address, for example: git@github.com:acme/web.git");

/** The fields of a job config a caller may give. */
export const configFields = {
  job_id: JobId.optional(),
  namespace: Namespace,
  repository: Repository.optional(),
  file_path: z
    .string()
    .max(512)
    .optional()
    .describe("Where the job file lies in the repository, for example: deploy/web.nomad.hcl"),
  spec_source: z
    .string()
    .max(1_000_000)
    .optional()
    .describe('The job file, for start_job to register, for example: job "web" { ... }'),
  spec_format: z
    .enum(["auto", "hcl", "json"])
    .optional()
    .describe("Language of spec_source, for example: hcl"),
  variables: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Values for the HCL\'s variables, for example: {"image": "web:7"}'),
  meta: z.record(z.string(), z.string()).optional().describe('Labels, for example: {"owner": "research"}'),
  enabled: z.boolean().optional().describe("Whether repositories lead to it, for example: true"),
};

const ConfigFields = z.object(configFields);

/** Fills a config in with what is given. */
export function applyFields(
  before: JobConfig,
  fields: z.output<typeof ConfigFields>,
  milliseconds: number,
): JobConfig {
  const { repository, ...rest } = fields;
  const known = Object.fromEntries(
    Object.keys(configFields).flatMap((key) => {
      const value: unknown = Object.entries(rest).find(([name]) => name === key)?.[1];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return {
    ...before,
    ...known,
    ...(repository === undefined ? {} : { repository: normalizeRepository(repository) }),
    updated_at: isoTime(milliseconds),
  };
}
