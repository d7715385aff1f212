import { option, reads } from "@parley/cli";
import { entriesOf } from "./load/entry.ts";
import { mountEntries } from "./load/mount-entry.ts";

const spelling = "./file.ts#name, @scope/package#name or package.module.name, also as new=...";
const one = { list: true, initial: [], group: "Loading" } as const;

/** What a server loads: tools, prompts, resources and sources of events. */
export const loadingOptions = {
  tool: option({
    ...one,
    flags: "--tool <path>",
    description: `load a tool: ${spelling}; repeat for more`,
    file: "tools",
    read: entriesOf("name", "description", "tags", "options"),
  }),
  prompt: option({
    ...one,
    flags: "--prompt <path>",
    description: "load a prompt, named as a tool is",
    file: "prompts",
    read: entriesOf("name", "description", "tags"),
  }),
  resource: option({
    ...one,
    flags: "--resource <path>",
    description: "load a resource or a family of them, named as a tool is",
    file: "resources",
    read: entriesOf("name", "description", "tags", "options"),
  }),
  event: option({
    ...one,
    flags: "--event <path>",
    description: "load a source of events, named as a tool is",
    file: "events",
    read: entriesOf("name", "description", "tags", "options"),
  }),
  toolModule: option({
    ...one,
    flags: "--tool-module <path>",
    description: "load everything a file or package exports: tools, prompts, resources, events",
    file: "discovery",
    read: entriesOf("tags", "options"),
  }),
  mount: option({
    ...one,
    flags: "--mount <name=url>",
    description: "serve what another MCP server offers too, under its name; a command goes into the file",
    file: "mount",
    read: mountEntries,
  }),
  include: option({
    flags: "--include <tag>",
    description: "serve only what has one of these tags, or a name as in name:GLOB; repeat for more",
    file: "settings.include",
    list: true,
    initial: [],
    group: "Loading",
    read: reads.list,
  }),
  exclude: option({
    flags: "--exclude <tag>",
    description: "leave out what has one of these tags, or a name as in name:GLOB; outranks --include",
    file: "settings.exclude",
    list: true,
    initial: [],
    group: "Loading",
    read: reads.list,
  }),
  strict: option({
    flags: "--strict",
    description: "refuse to start when anything cannot be loaded, instead of leaving it out",
    env: ["MCPSERVER_STRICT"],
    file: "settings.strict",
    initial: false,
    group: "Loading",
    read: reads.flag,
  }),
  watch: option({
    flags: "--watch",
    description: "load again when the YAML file or a loaded file changes",
    env: ["MCPSERVER_WATCH"],
    file: "settings.watch",
    initial: false,
    group: "Loading",
    read: reads.flag,
  }),
};
