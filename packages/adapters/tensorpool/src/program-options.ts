import { option, reader, reads } from "@parley/cli";
import { toolsets } from "./toolsets.ts";
import type { Toolset } from "./toolsets.ts";

const group = "TensorPool";

/** What `parley-tensorpool` serves; the key and the rest come from `TENSORPOOL_*`. */
export const tensorPoolOptions = {
  toolset: option({
    flags: "--toolset <name>",
    description: `serve this group of tools: ${toolsets.join(", ")}; repeat for more`,
    env: ["TENSORPOOL_MCP_TOOLSETS"],
    file: "tensorpool.toolsets",
    list: true,
    initial: [],
    initialText: "clusters jobs account",
    group,
    read: reader(reads.list.schema, (raw, where) =>
      reads.list(raw, where).map((name): Toolset => reads.choice(...toolsets)(name, where)),
    ),
  }),
  pythonTools: option({
    flags: "--python-tools",
    description: "serve the ten tools of the Python server alone",
    env: ["TENSORPOOL_MCP_PYTHON_TOOLS"],
    file: "tensorpool.python_tools",
    initial: false,
    group,
    read: reads.flag,
  }),
  readOnly: option({
    flags: "--read-only",
    description: "serve only what changes nothing, and keep no leases",
    env: ["TENSORPOOL_MCP_READ_ONLY"],
    file: "tensorpool.read_only",
    initial: false,
    group,
    read: reads.flag,
  }),
  // Node itself takes --env-file from anywhere in the command line.
  dotenv: option({
    flags: "--dotenv <path>",
    description: "take TENSORPOOL_* variables from this file where the environment has none",
    env: ["TENSORPOOL_MCP_DOTENV"],
    file: "tensorpool.dotenv",
    initial: ".env",
    group,
    read: reads.text,
  }),
  check: option({
    flags: "--check",
    description: "check the tp program, the network and the key, say each in a sentence, and end",
    env: [],
    initial: false,
    group,
    read: reads.flag,
  }),
};
