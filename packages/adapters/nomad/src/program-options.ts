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
  rest: option({
    flags: "--rest",
    description:
      "serve the same operations as a REST API too, with OpenAPI, on port 8000 unless told otherwise",
    env: ["NOMAD_MCP_REST"],
    file: "nomad.rest",
    initial: false,
    group,
    read: reads.flag,
  }),
  title: option({
    flags: "--title <text>",
    description: "name shown to people, in clients and in the OpenAPI document",
    env: ["NOMAD_MCP_TITLE"],
    file: "nomad.title",
    initialText: "Nomad",
    group,
    read: reads.text,
  }),
  about: option({
    flags: "--about <text>",
    description: "what clients and the OpenAPI document say of the server",
    env: ["NOMAD_MCP_ABOUT"],
    file: "nomad.about",
    group,
    read: reads.text,
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
