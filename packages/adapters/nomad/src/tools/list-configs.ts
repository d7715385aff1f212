import { z } from "zod";
import { JobConfig } from "../config-store.ts";
import { summarizeConfig } from "../configs.ts";
import { operation } from "../operation.ts";
import { sayPage } from "../views.ts";

/** A job config without its job file and the values of its variables. */
export const ConfigSummary = JobConfig.omit({ spec_source: true, variables: true }).extend({
  has_spec: z.boolean(),
});

/** Lists job configs. */
export const listConfigs = operation({
  name: "list_configs",
  description:
    "Lists the job configs kept beside Nomad: which job a repository stands for, and its job file.",
  toolset: "configs",
  route: { method: "GET", path: "/api/configs" },
  effect: "read",
  input: z.strictObject({
    enabled_only: z
      .boolean()
      .default(false)
      .describe("Leaves out those that are switched off, for example: true"),
  }),
  output: z.object({ configs: z.array(ConfigSummary) }),
  async run({ enabled_only }, call) {
    const found = await call.configs().list();
    return { configs: found.filter(({ enabled }) => enabled || !enabled_only).map(summarizeConfig) };
  },
  say: ({ configs }) =>
    sayPage(
      configs.map(({ name, job_id, namespace, repository, enabled }) => {
        const place = namespace === undefined ? job_id : `${namespace}/${job_id}`;
        return `${name}: job ${place}${repository === undefined ? "" : ` of ${repository}`}${enabled ? "" : " (off)"}`;
      }),
      undefined,
    ),
});
