import type { Requirement } from "./requirement.ts";

const issue = "issue 5, deliver 7";
const seed = "seed 003";

/** The first start of programs. */
const starting = {
  "GTW-110": {
    source: `${issue}; ${seed}, step 9`,
    says: "mcpo warm starts every program once, says how each goes, ends it, and exits with 4 when one did not answer in time.",
  },
  "GTW-111": {
    source: `${seed}, troubleshooting`,
    says: "A program has a time of its own for its start, and is shown as installing at /servers, /health and in mcpo list until it answers.",
  },
  "GTW-112": {
    source: `${seed}, troubleshooting`,
    says: "The reason of a program that cannot start names what is missing and what to install.",
  },
} as const satisfies Record<string, Requirement>;

/** Where it runs. */
const deploying = {
  "GTW-113": {
    source: `${issue}; ${seed}, systemd`,
    says: "The systemd unit runs the gateway as its own user, locked down, and restarts it; systemd finds nothing wrong with it.",
  },
  "GTW-114": {
    source: issue,
    says: "The image has what npx and uvx need, and a compose file serves a time and a filesystem server that were warmed first.",
  },
  "GTW-115": {
    source: `${seed}, deployment steps`,
    says: "The Ansible role checks a rendered configuration before it takes the old one's place, keeps that, probes /docs, and rolls back.",
  },
} as const satisfies Record<string, Requirement>;

/** How people get there. */
const arriving = {
  "GTW-116": {
    source: issue,
    says: "The page for those who come from mcpo names each of its flags, and a command line of it serves as it stands.",
  },
  "GTW-117": {
    source: issue,
    says: "The recipes for Open WebUI, LobeChat, VS Code, Claude Code and Claude Desktop do what they say.",
  },
  "GTW-118": {
    source: `${seed}, adding a new MCP server`,
    says: "The steps that add a server to a gateway that runs are those of the guide.",
  },
  "GTW-119": {
    source: `${seed}, troubleshooting`,
    says: "Each of the five symptoms of the seed shows its cause, and its remedy works.",
  },
  "GTW-120": {
    source: `${seed}, MCP servers`,
    says: "The example serves the seed's thirteen servers and checks itself.",
  },
  "GTW-121": {
    source: "issue 5, shows",
    says: "The reference servers over every transport, Python's, our adapters and a hub with a worker answer behind one gateway.",
  },
} as const satisfies Record<string, Requirement>;

/** Running the gateway as a service. */
export const gatewayOperate = { ...starting, ...deploying, ...arriving } as const;
