import { z } from "zod";
import { operation } from "../operation.ts";
import { Content, Verdict, sayVerdict, verdictOnBatch } from "./validate-jobspec.ts";

/** Validates the directives of a batch script. */
export const validateBatchJobspec = operation({
  name: "flux_validate_batch_jobspec",
  description: "Says what is wrong with the #flux: directives of a batch script. Needs no Flux.",
  toolset: "jobspecs",
  effect: "read",
  openWorld: false,
  input: z.strictObject({ content: Content }),
  output: Verdict,
  run: ({ content }) => Promise.resolve(verdictOnBatch(content)),
  say: sayVerdict,
});
