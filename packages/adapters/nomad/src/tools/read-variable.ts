import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";
import { VariablePath, readNomadVariable } from "../variables.ts";

/** Shows a variable's keys; its values only where `allowVariableReads` is set. */
export const readVariable = operation({
  name: "read_variable",
  description:
    "Shows the keys of a Nomad variable; values only where the server was started with allowVariableReads.",
  toolset: "variables",
  route: { method: "GET", path: "/api/variables/item" },
  effect: "read",
  input: z.strictObject({ path: VariablePath, namespace: Namespace }),
  output: z.object({
    path: z.string(),
    keys: z.array(z.string()),
    /** Absent where values may not be shown. */
    items: z.record(z.string(), z.string()).optional(),
    modify_index: z.number(),
  }),
  async run(args, call) {
    const { Path, Items, ModifyIndex } = await readNomadVariable(call, args);
    return {
      path: Path,
      keys: Object.keys(Items).toSorted(),
      ...(call.allowVariableReads ? { items: Items } : {}),
      modify_index: ModifyIndex,
    };
  },
  say: ({ path, keys, items }) =>
    items === undefined
      ? `${path} has ${keys.join(", ")} (values hidden).`
      : `${path}: ${JSON.stringify(items)}`,
});
