import { formatDuration } from "@parley/core";
import { z } from "zod";
import { Uri } from "../arguments.ts";
import { operation } from "../operation.ts";

const Queue = z.object({
  /** Absent for the one queue of an instance without named ones. */
  name: z.string().optional(),
  enabled: z.boolean(),
  started: z.boolean(),
  default_seconds: z.number().int().optional(),
  max_seconds: z.number().int().optional(),
});

/** The queues, whether they take and start jobs, and their time limits. */
export const listQueues = operation({
  name: "flux_list_queues",
  description:
    "Lists the queues of a Flux instance: whether each takes jobs (enabled) and starts them (started), and its time limits.",
  toolset: "site",
  effect: "read",
  input: z.strictObject({ uri: Uri }),
  output: z.object({ queues: z.array(Queue) }),
  async run({ uri }, call) {
    const queues = await call.flux(uri).queues({ signal: call.signal });
    return {
      queues: queues.map(({ name, enabled, started, defaultWalltimeSeconds, maxWalltimeSeconds }) => ({
        name,
        enabled,
        started,
        default_seconds: defaultWalltimeSeconds,
        max_seconds: maxWalltimeSeconds,
      })),
    };
  },
  say: ({ queues }) =>
    queues
      .map(({ name = "(the only queue)", enabled, started, max_seconds }) => {
        const up = enabled && started ? "up" : enabled ? "takes jobs, starts none" : "takes no jobs";
        return `${name}: ${up}${max_seconds === undefined ? "" : `, at most ${formatDuration(max_seconds)}`}`;
      })
      .join("\n"),
});
