import { z } from "zod";
import { Uri } from "../arguments.ts";
import { operation } from "../operation.ts";

const NodeStatus = z.object({
  state: z.string(),
  nodes: z.number().int(),
  hosts: z.array(z.string()),
  reason: z.string().optional(),
  since: z.string().optional(),
});

/** Which nodes are available, drained, draining, excluded or offline, and why. */
export const drainStatus = operation({
  name: "flux_drain_status",
  description:
    "Says which nodes of a Flux instance are drained, since when and why, and which are available or offline.",
  toolset: "planning",
  effect: "read",
  input: z.strictObject({ uri: Uri }),
  output: z.object({ states: z.array(NodeStatus), drained_nodes: z.number().int() }),
  async run({ uri }, call) {
    const found = await call.flux(uri).nodeStatus({ signal: call.signal });
    const states = found.map(({ hosts, ...rest }) => ({
      ...rest,
      nodes: hosts.length,
      hosts: hosts.slice(0, 500),
    }));
    const drained = states.filter(({ state }) => state.startsWith("drain"));
    return { states, drained_nodes: drained.reduce((sum, { nodes }) => sum + nodes, 0) };
  },
  say: ({ states, drained_nodes }) =>
    [
      drained_nodes === 0 ? "No node is drained." : `${String(drained_nodes)} nodes are drained.`,
      ...states.map(
        ({ state, hosts, reason, since }) =>
          `${state}: ${hosts.slice(0, 20).join(", ")}${reason === undefined ? "" : ` (${reason}, since ${since ?? "an unknown time"})`}`,
      ),
    ].join("\n"),
});
