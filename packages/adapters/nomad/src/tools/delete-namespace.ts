import { z } from "zod";
import { Ignored } from "../answers.ts";
import { Confirm, NamespaceName } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Deletes an empty namespace. */
export const deleteNamespace = operation({
  name: "delete_namespace",
  description: "Deletes a Nomad namespace in which no job is left. Needs confirm: true.",
  toolset: "namespaces",
  route: { method: "DELETE", path: "/api/namespaces/{name}" },
  effect: "destroy",
  input: z.strictObject({ name: NamespaceName, confirm: Confirm }),
  output: z.object({ name: z.string() }),
  destroys: ({ name }) => `would delete namespace ${name}.`,
  async run({ name }, call) {
    await call.nomad.read(Ignored, {
      method: "DELETE",
      path: ["namespace", name],
      signal: call.signal,
      doing: `delete namespace ${name}`,
      needs: "a management token",
    });
    return { name };
  },
  say: ({ name }) => `Namespace ${name} is deleted.`,
});
