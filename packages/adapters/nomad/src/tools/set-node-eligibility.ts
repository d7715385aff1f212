import { z } from "zod";
import { resolveId } from "../allocations.ts";
import { Ignored } from "../answers.ts";
import { NodeId } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Opens a node to new allocations, or closes it; what runs goes on. */
export const setNodeEligibility = operation({
  name: "set_node_eligibility",
  description: "Opens a Nomad node to new allocations, or closes it. What runs there goes on.",
  toolset: "nodes",
  route: { method: "POST", path: "/api/nodes/{node_id}/eligibility" },
  effect: "write",
  idempotent: true,
  input: z.strictObject({
    node_id: NodeId,
    eligible: z.boolean().describe("Whether it takes new work, for example: false"),
  }),
  output: z.object({ node_id: z.string(), eligible: z.boolean() }),
  async run({ node_id, eligible }, call) {
    const id = await resolveId(call, { kind: "node", id: node_id });
    await call.nomad.read(Ignored, {
      method: "POST",
      path: ["node", id, "eligibility"],
      body: { Eligibility: eligible ? "eligible" : "ineligible" },
      signal: call.signal,
      doing: `set the eligibility of node ${id}`,
      needs: "node:write",
    });
    return { node_id: id, eligible };
  },
  say: ({ node_id, eligible }) => `${node_id} is ${eligible ? "eligible" : "ineligible"}.`,
});
