import { z } from "zod";
import { Ignored } from "../answers.ts";
import { NamespaceName } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Creates a namespace, or changes its description and meta. */
export const createNamespace = operation({
  name: "create_namespace",
  description: "Creates a Nomad namespace, or replaces the description and meta of one there is.",
  toolset: "namespaces",
  route: { method: "POST", path: "/api/namespaces" },
  effect: "write",
  idempotent: true,
  input: z.strictObject({
    name: NamespaceName,
    description: z
      .string()
      .max(256)
      .default("")
      .describe("What it is for, for example: Jobs under development"),
    meta: z.record(z.string(), z.string()).default({}).describe('Labels, for example: {"owner": "research"}'),
  }),
  output: z.object({ name: z.string() }),
  async run({ name, description, meta }, call) {
    await call.nomad.read(Ignored, {
      method: "PUT",
      path: ["namespace"],
      body: { Name: name, Description: description, Meta: meta },
      signal: call.signal,
      doing: `create namespace ${name}`,
      needs: "a management token",
    });
    return { name };
  },
  say: ({ name }) => `Namespace ${name} is there.`,
});
