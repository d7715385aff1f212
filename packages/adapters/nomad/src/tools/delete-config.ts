import { z } from "zod";
import { Confirm } from "../arguments.ts";
import { ConfigName } from "../config-store.ts";
import { requireConfig } from "../configs.ts";
import { operation } from "../operation.ts";

/** Forgets a job config; the job itself stays. */
export const deleteConfig = operation({
  name: "delete_config",
  description: "Forgets a job config; the Nomad job stays. Needs confirm: true.",
  toolset: "configs",
  route: { method: "DELETE", path: "/api/configs/{name}" },
  effect: "destroy",
  input: z.strictObject({ name: ConfigName, confirm: Confirm }),
  output: z.object({ name: z.string() }),
  destroys: ({ name }) => `would forget the job config ${name} with its job file.`,
  async run({ name }, call) {
    await requireConfig(call, name);
    await call.configs().remove(name);
    return { name };
  },
  say: ({ name }) => `Config ${name} is forgotten.`,
});
