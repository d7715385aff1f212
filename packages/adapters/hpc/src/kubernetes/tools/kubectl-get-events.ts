import { z } from "zod";
import { Limit } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { NamespaceOrAll, ResourceName } from "../arguments.ts";
import { ClusterEvent, readEvents, sayEvent } from "../events-of.ts";

/** Reads events. */
export const kubectlGetEvents = operation({
  name: "kubectl_get_events",
  description: "The last events of a namespace, or of one object: what the cluster did and could not do.",
  toolset: "kubernetes",
  effect: "read",
  input: z.strictObject({
    namespace: NamespaceOrAll,
    kind: z
      .string()
      .regex(/^[A-Z][A-Za-z0-9]{0,62}$/)
      .optional()
      .describe("Kind of the object, for example: Pod"),
    name: ResourceName.optional(),
    warnings: z.boolean().default(false).describe("Only what went wrong, for example: true"),
    limit: Limit.default(10),
  }),
  output: z.object({ events: z.array(ClusterEvent), earlier: z.number().int() }),
  async run({ limit, ...query }, call) {
    const events = await readEvents(call, query);
    const shown = events.slice(-limit);
    return { events: [...shown], earlier: events.length - shown.length };
  },
  say: ({ events, earlier }) =>
    events.length === 0
      ? "There are no events; clusters forget them after an hour."
      : [...(earlier > 0 ? [`(${String(earlier)} earlier)`] : []), ...events.map(sayEvent)].join("\n"),
});
