import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Variable } from "../answers.ts";
import { Confirm, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";
import { VariablePath, readNomadVariable } from "../variables.ts";

/** Writes a variable. Nomad replaces all items, so those that would go are asked about. */
export const writeVariable = operation({
  name: "write_variable",
  description:
    "Writes keys of a Nomad variable; others stay, unless replace. Changing or dropping a key needs confirm: true.",
  toolset: "variables",
  route: { method: "PUT", path: "/api/variables/item" },
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    path: VariablePath,
    namespace: Namespace,
    items: z
      .record(z.string().min(1).max(128), z.string())
      .describe('Values by key, for example: {"user": "web"}'),
    replace: z.boolean().default(false).describe("Drops the keys that are not given, for example: false"),
    confirm: Confirm,
  }),
  output: z.object({
    path: z.string(),
    created: z.boolean(),
    keys: z.array(z.string()),
    dropped: z.array(z.string()),
    changed: z.array(z.string()),
    modify_index: z.number(),
  }),
  async run(args, call) {
    const before = await readNomadVariable(call, args).catch((error: unknown) => {
      if (ParleyError.isInstance(error) && error.code === "E_OBJECT_UNKNOWN") return undefined;
      throw error;
    });
    const old = before?.Items ?? {};
    const items = args.replace ? args.items : { ...old, ...args.items };
    const dropped = Object.keys(old).filter((key) => !Object.hasOwn(items, key));
    const changed = Object.keys(old).filter((key) => Object.hasOwn(items, key) && items[key] !== old[key]);
    if (dropped.length + changed.length > 0 && !args.confirm) {
      throw new ParleyError(
        "E_CONFIRM_REQUIRED",
        `Nothing was done. write_variable would change the keys ${changed.join(", ") || "(none)"} and drop ` +
          `${dropped.join(", ") || "(none)"} of ${args.path}. Call it again with confirm: true to go on.`,
      );
    }
    const written = await call.nomad.read(Variable, {
      method: "PUT",
      path: ["var", ...args.path.split("/")],
      query: { cas: before?.ModifyIndex ?? 0 },
      body: { Path: args.path, Namespace: call.nomad.namespace(args.namespace), Items: items },
      namespace: args.namespace,
      signal: call.signal,
      doing: `write variable ${args.path}`,
      needs: "variables write",
    });
    const keys = Object.keys(items).toSorted();
    return {
      path: args.path,
      created: before === undefined,
      keys,
      dropped,
      changed,
      modify_index: written.ModifyIndex,
    };
  },
  say: ({ path, created, keys }) => `${path} is ${created ? "created" : "written"}, with ${keys.join(", ")}.`,
});
