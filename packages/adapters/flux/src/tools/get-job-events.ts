import { z } from "zod";
import { JobId, Uri } from "../arguments.ts";
import { operation } from "../operation.ts";
import { showable } from "../secrets.ts";

/** The event log of a job: when it was submitted, scheduled, started, ended, and every exception. */
export const getJobEvents = operation({
  name: "flux_get_job_events",
  description:
    "Reads the event log of a Flux job: when it was submitted, scheduled, started and ended, and every exception.",
  toolset: "control",
  effect: "read",
  input: z.strictObject({
    job_id: JobId,
    uri: Uri,
    log: z
      .enum(["job", "exec"])
      .default("job")
      .describe("The job's log, or that of its shell, for example: job"),
    limit: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(200)
      .describe("Most events, the last ones, for example: 200"),
  }),
  output: z.object({
    job_id: z.string(),
    events: z.array(
      z.object({
        name: z.string(),
        at: z.string().optional(),
        context: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
    total: z.number().int(),
  }),
  async run({ job_id, uri, log, limit }, call) {
    const events = await call.flux(uri).events(job_id, { guest: log === "exec", signal: call.signal });
    const shown = events.slice(-limit).map(({ name, at, context }) => ({
      name,
      at,
      context: z.record(z.string(), z.unknown()).optional().parse(showable(context)),
    }));
    return { job_id, events: shown, total: events.length };
  },
  say: ({ events }) =>
    events
      .map(
        ({ at = "", name, context }) =>
          `${at} ${name}${context === undefined ? "" : ` ${JSON.stringify(context)}`}`,
      )
      .join("\n"),
});
