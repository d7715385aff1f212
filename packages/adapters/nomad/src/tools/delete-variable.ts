import { z } from "zod";
import { Ignored } from "../answers.ts";
import { Confirm, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";
import { VariablePath, readNomadVariable } from "../variables.ts";

/** Deletes a variable with all its items. */
export const deleteVariable = operation({
  name: "delete_variable",
  description: "Deletes a Nomad variable with all its items. Needs confirm: true.",
  toolset: "variables",
  route: { method: "DELETE", path: "/api/variables/item" },
  effect: "destroy",
  input: z.strictObject({ path: VariablePath, namespace: Namespace, confirm: Confirm }),
  output: z.object({ path: z.string() }),
  destroys: ({ path }) => `would delete variable ${path} with all its items.`,
  async run({ path, namespace }, call) {
    const { ModifyIndex } = await readNomadVariable(call, { path, namespace });
    await call.nomad.read(Ignored, {
      method: "DELETE",
      path: ["var", ...path.split("/")],
      query: { cas: ModifyIndex },
      namespace,
      signal: call.signal,
      doing: `delete variable ${path}`,
      needs: "variables destroy",
    });
    return { path };
  },
  say: ({ path }) => `${path} is deleted.`,
});
