import { countResources as count } from "@parley/engines/flux";
import { validateJobspec } from "@parley/jobspec";
import { z } from "zod";
import { checkBatch, countBatch } from "../batch-check.ts";
import { isJobspecText, jobspecOrWhy } from "../jobspec-text.ts";
import { operation } from "../operation.ts";
import { Content } from "./validate-jobspec.ts";

/** Counts what a jobspec or a batch script asks for in all. */
export const countResources = operation({
  name: "flux_count_jobspec_resources",
  description:
    "Counts the nodes, slots, cores and GPUs that a jobspec or batch script asks for in all; a range counts by its least.",
  toolset: "jobspecs",
  effect: "read",
  openWorld: false,
  input: z.strictObject({ content: Content }),
  output: z.object({
    valid: z.boolean(),
    errors: z.array(z.string()),
    /** How many in all, by type. */
    counts: z.record(z.string(), z.number()),
  }),
  run({ content }) {
    if (!isJobspecText(content)) {
      const { errors, job } = checkBatch(content);
      return Promise.resolve({
        valid: errors.length === 0,
        errors: [...errors],
        counts: job === undefined ? {} : countBatch(job),
      });
    }
    const jobspec = jobspecOrWhy(content);
    if (typeof jobspec === "string") return Promise.resolve({ valid: false, errors: [jobspec], counts: {} });
    const { valid, problems } = validateJobspec(jobspec);
    return Promise.resolve({
      valid,
      errors: problems.map(({ path, message }) => `${path}: ${message}`),
      counts: valid ? { ...count(jobspec) } : {},
    });
  },
  say: ({ valid, errors, counts }) =>
    valid
      ? Object.entries(counts)
          .map(([type, number]) => `${type}: ${String(number)}`)
          .join("\n") || "It asks for nothing."
      : `It is not valid, so nothing was counted.\n${errors.join("\n")}`,
});
