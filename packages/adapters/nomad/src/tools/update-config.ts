import { z } from "zod";
import { applyFields, configFields } from "../config-arguments.ts";
import { ConfigName } from "../config-store.ts";
import { checkUnique, requireConfig, summarizeConfig } from "../configs.ts";
import { operation } from "../operation.ts";
import { ConfigSummary } from "./list-configs.ts";

/** Changes fields of a job config. */
export const updateConfig = operation({
  name: "update_config",
  description: "Changes the given fields of a job config; the others stay. Reaches no Nomad.",
  toolset: "configs",
  route: { method: "PUT", path: "/api/configs/{name}" },
  effect: "write",
  idempotent: true,
  input: z.strictObject({ name: ConfigName, ...configFields }),
  output: ConfigSummary,
  async run({ name, ...fields }, call) {
    const config = applyFields(await requireConfig(call, name), fields, call.now());
    await checkUnique(call, config);
    await call.configs().put(config);
    return summarizeConfig(config);
  },
  say: ({ name, job_id }) => `Config ${name} stands for job ${job_id}.`,
});
