import { z } from "zod";
import { VariableStub } from "../answers.ts";
import { NamespaceOrAll, NextToken, PerPage, Prefix } from "../arguments.ts";
import { operation } from "../operation.ts";
import { readPage } from "../paging.ts";
import { nanosecondTime } from "../times.ts";
import { sayPage } from "../views.ts";

/** Lists variables by path, without keys or values. */
export const listVariables = operation({
  name: "list_variables",
  description: "Lists the paths of Nomad variables (Nomad 1.4 or later), without keys or values.",
  toolset: "variables",
  route: { method: "GET", path: "/api/variables" },
  effect: "read",
  input: z.strictObject({
    prefix: Prefix,
    namespace: NamespaceOrAll,
    per_page: PerPage,
    next_token: NextToken,
  }),
  output: z.object({
    variables: z.array(
      z.object({
        path: z.string(),
        namespace: z.string(),
        modify_index: z.number(),
        modified_at: z.string().optional(),
      }),
    ),
    next_token: z.string().optional(),
  }),
  async run(args, call) {
    const { entries, ...rest } = await readPage(call, {
      schema: VariableStub,
      args,
      path: ["vars"],
      query: { prefix: args.prefix },
      namespace: args.namespace,
      doing: "list variables",
      needs: "variables list",
    });
    const variables = entries.map(({ Path, Namespace, ModifyIndex, ModifyTime }) => {
      const modified = nanosecondTime(ModifyTime);
      return {
        path: Path,
        namespace: Namespace,
        modify_index: ModifyIndex,
        ...(modified === undefined ? {} : { modified_at: modified }),
      };
    });
    return { variables, ...rest };
  },
  say: ({ variables, next_token }) =>
    sayPage(
      variables.map(({ namespace, path }) => `${namespace}:${path}`),
      next_token,
    ),
});
