import { z } from "zod";
import { JobId, Uri } from "../arguments.ts";
import { operation } from "../operation.ts";

const words = { hold: 0, default: 16, expedite: 31 } as const;

/** Moves a waiting job in its queue, holds it or lets it go. */
export const setUrgency = operation({
  name: "flux_set_job_urgency",
  description:
    "Changes how urgent a waiting Flux job is: hold, default, expedite, or 0 to 31 (above 16 the owner only).",
  toolset: "control",
  effect: "write",
  idempotent: true,
  input: z.strictObject({
    job_id: JobId,
    uri: Uri,
    urgency: z
      .union([z.enum(["hold", "default", "expedite"]), z.number().int().min(0).max(31)])
      .describe("The new urgency, for example: hold"),
  }),
  output: z.object({ job_id: z.string(), urgency: z.number().int() }),
  async run({ job_id, uri, urgency: given }, call) {
    const urgency = typeof given === "number" ? given : words[given];
    await call.flux(uri).setUrgency(job_id, { urgency, signal: call.signal });
    return { job_id, urgency };
  },
  say: ({ job_id, urgency }) =>
    `${job_id} has urgency ${String(urgency)}${urgency === 0 ? ": it is held" : ""}.`,
});
