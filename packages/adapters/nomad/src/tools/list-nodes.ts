import { z } from "zod";
import { Node } from "../answers.ts";
import { Filter, NextToken, PerPage, Prefix } from "../arguments.ts";
import { operation } from "../operation.ts";
import { readPage } from "../paging.ts";
import { NodeView, sayNode, sayPage, viewNode } from "../views.ts";

/** Lists the client nodes. */
export const listNodes = operation({
  name: "list_nodes",
  description: "Lists Nomad client nodes: status, eligibility, drivers, resources and devices such as GPUs.",
  toolset: "nodes",
  route: { method: "GET", path: "/api/nodes" },
  effect: "read",
  input: z.strictObject({ prefix: Prefix, filter: Filter, per_page: PerPage, next_token: NextToken }),
  output: z.object({ nodes: z.array(NodeView), next_token: z.string().optional() }),
  async run(args, call) {
    const { entries, ...rest } = await readPage(call, {
      schema: Node,
      args,
      path: ["nodes"],
      query: { prefix: args.prefix, filter: args.filter, resources: true, os: true },
      doing: "list nodes",
      needs: "node:read",
    });
    return { nodes: entries.map(viewNode), ...rest };
  },
  say: ({ nodes, next_token }) => sayPage(nodes.map(sayNode), next_token),
});
