import { z } from "zod";
import { resolveId } from "../allocations.ts";
import { Node } from "../answers.ts";
import { NodeId } from "../arguments.ts";
import { operation } from "../operation.ts";
import { NodeView, sayNode, viewNode } from "../views.ts";

/** One client node with its attributes. */
export const getNode = operation({
  name: "get_node",
  description: "Shows a Nomad client node with the attributes that job constraints can name.",
  toolset: "nodes",
  route: { method: "GET", path: "/api/nodes/{node_id}" },
  effect: "read",
  input: z.strictObject({ node_id: NodeId }),
  output: NodeView.extend({ description: z.string(), attributes: z.record(z.string(), z.string()) }),
  async run({ node_id }, call) {
    const id = await resolveId(call, { kind: "node", id: node_id });
    const found = await call.nomad.read(Node, {
      path: ["node", id],
      signal: call.signal,
      doing: `read node ${id}`,
      needs: "node:read",
    });
    const attributes = Object.entries(found.Attributes).slice(0, 500);
    const cut = attributes.map(([name, value]) => [name, value.slice(0, 500)]);
    return { ...viewNode(found), description: found.StatusDescription, attributes: Object.fromEntries(cut) };
  },
  say: (node) =>
    [sayNode(node), ...Object.entries(node.attributes).map(([name, value]) => `  ${name} = ${value}`)].join(
      "\n",
    ),
});
