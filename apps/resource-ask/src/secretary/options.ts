import { option, reads } from "@parley/cli";
import type { OptionTable } from "@parley/cli";
import { modelOptions } from "../model-options.ts";

/** Options of `resource-secretary`. */
export const secretaryOptions = {
  json: option({
    flags: "--json",
    description: "one JSON document on standard output, nothing else",
    initial: false,
    read: reads.flag,
  }),
  quiet: option({
    flags: "--quiet",
    description: "no progress and no notices",
    initial: false,
    read: reads.flag,
  }),
} satisfies OptionTable;

/** Which site is looked at. */
export const siteOptions = {
  simulated: option({
    flags: "--simulated [worker-id]",
    description: "look at the simulated site of this id instead of this machine",
    read: (raw, where) => (raw === true ? "sim-1" : reads.text(raw, where)),
  }),
  archetype: option({
    flags: "--archetype <archetype>",
    description: "kind of the simulated site: hpc, cloud or standalone; drawn from its id when not named",
    read: reads.choice("hpc", "cloud", "standalone"),
  }),
  localAllow: option({
    flags: "--local-allow <program>",
    description: "count this machine as a site that may run these programs; repeat for more",
    env: ["MCPSERVER_LOCAL_ALLOW"],
    list: true,
    initial: [],
    read: reads.list,
  }),
} satisfies OptionTable;

export const detectOptions = {
  ...siteOptions,
  all: option({
    flags: "--all",
    description: "also say why the others are not there",
    initial: false,
    read: reads.flag,
  }),
} satisfies OptionTable;

export const askOptions = {
  ...siteOptions,
  ...modelOptions,
  llmTimeout: {
    ...modelOptions.llmTimeout,
    description: "how long the model may take over words that no rule reads; a worker gives it 4",
    initial: 30,
  },
} satisfies OptionTable;
