import { option, reader, reads } from "@parley/cli";
import { toolsets } from "./toolsets.ts";
import type { Toolset } from "./toolsets.ts";

const group = "Flux";

/** What `parley-flux` serves; where Flux is comes from `FLUX_URI`. */
export const fluxOptions = {
  toolset: option({
    flags: "--toolset <name>",
    description: `serve this group of tools: ${toolsets.join(", ")}; repeat for more`,
    env: ["FLUX_MCP_TOOLSETS"],
    file: "flux.toolsets",
    list: true,
    initial: [],
    initialText: "jobs site translate",
    group,
    read: reader(reads.list.schema, (raw, where) =>
      reads.list(raw, where).map((name): Toolset => reads.choice(...toolsets)(name, where)),
    ),
  }),
  readOnly: option({
    flags: "--read-only",
    description: "serve only what changes nothing",
    env: ["FLUX_MCP_READ_ONLY"],
    file: "flux.read_only",
    initial: false,
    group,
    read: reads.flag,
  }),
  allowRemote: option({
    flags: "--allow-remote",
    description: "let calls name instances on other machines, which Flux reaches by ssh",
    env: ["FLUX_MCP_ALLOW_REMOTE"],
    file: "flux.allow_remote",
    initial: false,
    group,
    read: reads.flag,
  }),
  passEnvironment: option({
    flags: "--pass-environment <name>",
    description: "give every job this variable beside PATH, HOME, USER and LANG; repeat for more",
    env: ["FLUX_MCP_PASS_ENVIRONMENT"],
    file: "flux.pass_environment",
    list: true,
    initial: [],
    group,
    read: reads.list,
  }),
};
