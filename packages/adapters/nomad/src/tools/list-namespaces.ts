import { z } from "zod";
import { NamespaceAnswer } from "../answers.ts";
import { NextToken, PerPage, Prefix } from "../arguments.ts";
import { operation } from "../operation.ts";
import { readPage } from "../paging.ts";
import { sayPage } from "../views.ts";

/** Lists namespaces. */
export const listNamespaces = operation({
  name: "list_namespaces",
  description: "Lists the Nomad namespaces the token can see.",
  toolset: "namespaces",
  route: { method: "GET", path: "/api/namespaces" },
  effect: "read",
  input: z.strictObject({ prefix: Prefix, per_page: PerPage, next_token: NextToken }),
  output: z.object({
    namespaces: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        quota: z.string(),
        meta: z.record(z.string(), z.string()),
      }),
    ),
    next_token: z.string().optional(),
  }),
  async run(args, call) {
    const { entries, ...rest } = await readPage(call, {
      schema: NamespaceAnswer,
      args,
      path: ["namespaces"],
      query: { prefix: args.prefix },
      doing: "list namespaces",
      needs: "any capability in a namespace",
    });
    const namespaces = entries.map(({ Name, Description, Quota, Meta }) => {
      return { name: Name, description: Description, quota: Quota, meta: Meta };
    });
    return { namespaces, ...rest };
  },
  say: ({ namespaces, next_token }) =>
    sayPage(
      namespaces.map(({ name, description }) => (description === "" ? name : `${name}: ${description}`)),
      next_token,
    ),
});
