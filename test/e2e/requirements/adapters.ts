import type { Requirement } from "./requirement.ts";

/** What every adapter is built from and held to. */
export const adapters = {
  "ADP-01": {
    source: "issue 4, common rules",
    says: "An adapter's program has its own options and all of mcpserver start, from flag, variable and file alike.",
  },
  "ADP-02": {
    source: "issue 4, common rules",
    says: "It serves its own items under its own name and version, beside what is loaded, and nothing that was not asked for.",
  },
  "ADP-03": {
    source: "coverage, Adapters",
    says: "Routes of an adapter are behind the server's one policy: token, scopes, rate limit and audit.",
  },
  "ADP-04": {
    source: "issue 4, common rules",
    says: "An adapter speaks stdio unless a transport, a port or a host is asked for, and frees what it holds at the end.",
  },
  "ADP-05": {
    source: "coverage, Adapters",
    says: "Every adapter with a program has mcpName and a server.json for the MCP registry that agree with its package.",
  },
  "ADP-06": {
    source: "issue 4, layers",
    says: "Only the program of an adapter knows the server; its tools are a library.",
  },
  "ADP-07": {
    source: "issue 4, deliver 6",
    says: "Every adapter has a page generated from its definitions: arguments, results, errors, scopes, an example.",
  },
  "ADP-08": {
    source: "issue 4, common rules",
    says: "One conformance suite holds all adapters to the common rules, and notices each breach.",
  },
  "NMD-01": {
    source: "seed 002, standalone server",
    says: "parley-nomad serves a desktop host over stdio: the ten tools, or groups of tools, or those that only read.",
  },
  "ADP-09": {
    source: "issue 4",
    says: "mcpserver loads an adapter's tools one by one or whole, with the adapter's options from the YAML file.",
  },
} as const satisfies Record<string, Requirement>;
