import { normaliseJobspec as normalise } from "@parley/jobspec";
import { z } from "zod";
import { JobspecText } from "../arguments.ts";
import { readJobspec } from "../jobspec-text.ts";
import { operation } from "../operation.ts";

/** A jobspec in its one canonical spelling. */
export const normaliseJobspec = operation({
  name: "flux_normalise_jobspec",
  description:
    "Rewrites a jobspec, JSON or YAML, in its one canonical form: defaults filled in, keys in order, as JSON.",
  toolset: "jobspecs",
  effect: "read",
  openWorld: false,
  input: z.strictObject({ jobspec: JobspecText.describe('The jobspec, for example: {"version": 1, ...}') }),
  output: z.object({ jobspec: z.record(z.string(), z.unknown()) }),
  run: ({ jobspec }) => Promise.resolve({ jobspec: normalise(readJobspec(jobspec)) }),
  say: ({ jobspec }) => JSON.stringify(jobspec, undefined, 2),
});
