import { option, reader, reads } from "@parley/cli";
import { toolsets } from "./toolsets.ts";
import type { Toolset } from "./toolsets.ts";

const group = "Nomad";

/** What `parley-nomad` serves; where Nomad is comes from `NOMAD_ADDR` and its siblings. */
export const nomadOptions = {
  toolset: option({
    flags: "--toolset <name>",
    description: `serve this group of tools: ${toolsets.join(", ")}; repeat for more`,
    env: ["NOMAD_MCP_TOOLSETS"],
    file: "nomad.toolsets",
    list: true,
    initial: [],
    initialText: "jobs logs configs repositories",
    group,
    read: reader(reads.list.schema, (raw, where) =>
      reads.list(raw, where).map((name): Toolset => reads.choice(...toolsets)(name, where)),
    ),
  }),
  standalone: option({
    flags: "--standalone",
    description: "serve ten tools alone: enough to submit, watch, debug and retry",
    env: ["NOMAD_MCP_STANDALONE"],
    file: "nomad.standalone",
    initial: false,
    group,
    read: reads.flag,
  }),
  readOnly: option({
    flags: "--read-only",
    description: "serve only what changes nothing",
    env: ["NOMAD_MCP_READ_ONLY"],
    file: "nomad.read_only",
    initial: false,
    group,
    read: reads.flag,
  }),
  variableReads: option({
    flags: "--allow-variable-reads",
    description: "let read_variable show values, not keys alone",
    env: ["NOMAD_MCP_ALLOW_VARIABLE_READS"],
    file: "nomad.allow_variable_reads",
    initial: false,
    group,
    read: reads.flag,
  }),
};
