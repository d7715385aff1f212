import { z } from "zod";
import { ConfigName, JobConfig } from "../config-store.ts";
import { requireConfig } from "../configs.ts";
import { operation } from "../operation.ts";

/** One job config, its job file included. */
export const getConfig = operation({
  name: "get_config",
  description: "Shows a job config with its job file. Values of variables are hidden.",
  toolset: "configs",
  route: { method: "GET", path: "/api/configs/{name}" },
  effect: "read",
  input: z.strictObject({ name: ConfigName }),
  output: JobConfig.omit({ variables: true }).extend({ variable_names: z.array(z.string()) }),
  async run({ name }, call) {
    const { variables, ...rest } = await requireConfig(call, name);
    return { ...rest, variable_names: Object.keys(variables ?? {}) };
  },
  say: ({ name, job_id, spec_source }) =>
    [`${name}: job ${job_id}`, ...(spec_source === undefined ? [] : [spec_source])].join("\n"),
});
