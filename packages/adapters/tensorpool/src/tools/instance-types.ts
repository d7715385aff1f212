import { z } from "zod";
import { operation } from "../operation.ts";
import { estimateCost, sayCost } from "../prices.ts";
import { Cost } from "../prices.ts";

/** Names seen in the documentation of the engine, which has no list to ask. */
const knownTypes = [
  "1xH100",
  "2xH100",
  "4xH100",
  "8xH100",
  "1xH200",
  "2xH200",
  "4xH200",
  "8xH200",
  "1xB200",
  "2xB200",
  "4xB200",
  "8xB200",
  "1xB300",
  "8xB300",
  "1xMI300X",
  "1xL40S",
];

/** What can be asked for. */
export const instanceTypes = operation({
  name: "instance_types",
  description:
    "Lists instance types TensorPool is known to offer, with what they cost as far as TENSORPOOL_PRICES says. Advice only: the engine has no such list, and takes others too.",
  toolset: "account",
  effect: "read",
  input: z.strictObject({
    filter: z.string().max(64).optional().describe("Part of the name, for example: H100"),
    hours: z.number().positive().max(8760).optional().describe("Hours to price, for example: 8"),
  }),
  output: z.object({
    advisory: z.literal(true),
    types: z.array(z.object({ instance_type: z.string(), cost: Cost })),
  }),
  run({ filter = "", hours }, call) {
    const wanted = filter.toUpperCase();
    const types = knownTypes
      .filter((name) => name.toUpperCase().includes(wanted))
      .map((instance_type) => ({
        instance_type,
        cost: estimateCost({ instance_type, num_nodes: 1, hours }, call.settings.prices),
      }));
    return Promise.resolve({ advisory: true as const, types });
  },
  say: ({ types }) =>
    types.length === 0
      ? "None known; the engine may have it all the same."
      : types.map(({ instance_type, cost }) => `${instance_type}: ${sayCost(cost)}`).join("\n"),
});
