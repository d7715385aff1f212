import { z } from "zod";
import { JobspecText, Uri } from "../arguments.ts";
import { readJobspec } from "../jobspec-text.ts";
import { operation } from "../operation.ts";

/** Whether an instance could ever run a jobspec, however busy it is now. */
export const feasibilityCheck = operation({
  name: "flux_sched_resource_feasibility_check",
  description:
    "Asks Flux whether the instance could ever run a jobspec, however busy it is now. What is not feasible is refused for good.",
  toolset: "planning",
  effect: "read",
  input: z.strictObject({
    jobspec: JobspecText.describe('The jobspec, for example: {"version": 1, ...}'),
    uri: Uri,
  }),
  output: z.object({ feasible: z.boolean(), reason: z.string().optional() }),
  async run({ jobspec, uri }, call) {
    const { valid, reason } = await call
      .flux(uri)
      .validate(readJobspec(jobspec), { feasibility: true, signal: call.signal });
    return { feasible: valid, reason };
  },
  say: ({ feasible, reason }) =>
    feasible ? "It is feasible." : `It is not feasible: ${reason ?? "no reason given"}.`,
});
