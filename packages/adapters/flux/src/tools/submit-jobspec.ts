import { z } from "zod";
import { JobspecText, Uri } from "../arguments.ts";
import { checkJobspecVariables } from "../environment.ts";
import { readJobspec } from "../jobspec-text.ts";
import { operation } from "../operation.ts";
import { SubmitAsync, Submitted, placement, saySubmitted, submitted } from "../submission.ts";

/** Submits a jobspec as it stands; only its variables are looked at, for secrets. */
export const submitJobspec = operation({
  name: "flux_submit_jobspec",
  description:
    "Submits a jobspec, JSON or YAML, as it stands. flux_validate_jobspec says what is wrong with one.",
  toolset: "jobs",
  effect: "write",
  input: z.strictObject({
    jobspec: JobspecText.describe(
      'The jobspec, for example: {"version": 1, "resources": [{"type": "slot", "count": 1, "label": "task", "with": [{"type": "core", "count": 1}]}], "tasks": [{"command": ["hostname"], "slot": "task", "count": {"per_slot": 1}}], "attributes": {"system": {"duration": 60}}}',
    ),
    uri: Uri,
    submit_async: SubmitAsync,
    urgency: placement.urgency,
  }),
  output: Submitted,
  async run({ jobspec, uri, urgency }, call) {
    const checked = checkJobspecVariables(readJobspec(jobspec));
    return submitted(await call.flux(uri).submit(checked, { urgency, signal: call.signal }), uri);
  },
  say: saySubmitted,
});
