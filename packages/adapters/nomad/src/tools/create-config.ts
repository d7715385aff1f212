import { ParleyError, isoTime } from "@parley/core";
import { z } from "zod";
import { JobId } from "../arguments.ts";
import { applyFields, configFields } from "../config-arguments.ts";
import { ConfigName } from "../config-store.ts";
import { checkUnique, summarizeConfig } from "../configs.ts";
import { operation } from "../operation.ts";
import { ConfigSummary } from "./list-configs.ts";

/** Keeps a new job config. */
export const createConfig = operation({
  name: "create_config",
  description:
    "Keeps a new job config: a name for a Nomad job, with its repository and job file. Reaches no Nomad.",
  toolset: "configs",
  route: { method: "POST", path: "/api/configs" },
  effect: "write",
  input: z.strictObject({ name: ConfigName, ...configFields, job_id: JobId }),
  output: ConfigSummary,
  async run({ name, ...fields }, call) {
    const store = call.configs();
    if ((await store.get(name)) !== undefined) {
      throw new ParleyError(
        "E_OBJECT_CONFLICT",
        `There is a job config ${name} already; update_config changes it.`,
      );
    }
    const empty = { name, job_id: fields.job_id, meta: {}, enabled: true, updated_at: isoTime(call.now()) };
    const config = applyFields(empty, fields, call.now());
    await checkUnique(call, config);
    await store.put(config);
    return summarizeConfig(config);
  },
  say: ({ name, job_id }) => `Config ${name} stands for job ${job_id}.`,
});
