import { option, reader, reads } from "@parley/cli";
import { toolsets } from "./toolsets.ts";
import type { Toolset } from "./toolsets.ts";

const group = "HPC site";

/** What `parley-hpc` serves; where Slurm and the modules are comes from `SLURM_CONF`, `MODULEPATH` and their like. */
export const hpcOptions = {
  toolset: option({
    flags: "--toolset <name>",
    description: `serve this group of tools: ${toolsets.join(", ")}; repeat for more`,
    env: ["HPC_MCP_TOOLSETS"],
    file: "hpc.toolsets",
    list: true,
    initial: [],
    initialText: "slurm system",
    group,
    read: reader(reads.list.schema, (raw, where) =>
      reads.list(raw, where).map((name): Toolset => reads.choice(...toolsets)(name, where)),
    ),
  }),
  only: option({
    flags: "--only <tool>",
    description: "serve this tool, of any group, instead of whole groups; repeat for more",
    env: ["HPC_MCP_TOOLS"],
    file: "hpc.tools",
    list: true,
    initial: [],
    group,
    read: reads.list,
  }),
  readOnly: option({
    flags: "--read-only",
    description: "serve only what changes nothing",
    env: ["HPC_MCP_READ_ONLY"],
    file: "hpc.read_only",
    initial: false,
    group,
    read: reads.flag,
  }),
  root: option({
    flags: "--root <folder>",
    description: "open this folder to the file tools; repeat for more, in the variable with colons between",
    env: ["HPC_ROOTS"],
    file: "hpc.roots",
    list: true,
    initial: [],
    group,
    read: reader(reads.list.schema, (raw, where) =>
      reads.list(typeof raw === "string" ? raw.split(":") : raw, where),
    ),
  }),
  stateDir: option({
    flags: "--job-dir <folder>",
    description: "keep scripts and output of jobs here, where the compute nodes see them",
    env: ["HPC_STATE_DIR"],
    file: "hpc.state_dir",
    initial: undefined,
    initialText: "~/.local/state/parley-hpc",
    group,
    read: reads.text,
  }),
};
