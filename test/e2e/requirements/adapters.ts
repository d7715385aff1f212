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
  "NMD-02": {
    source: "seed 002, FastAPI integration; coverage, Adapters",
    says: "--rest serves the same operations as REST with OpenAPI, by toolsets as tags, behind the policy of MCP.",
  },
  "NMD-03": { source: "seed 002, connection endpoint", says: "MCP is at /mcp, and over SSE at /mcp/sse." },
  "NMD-04": {
    source: "seed 002, zero-config integration",
    says: "The routes of any fastify app become MCP tools, chosen by tag.",
  },
  "NMD-05": {
    source: "issue 4, common rules",
    says: "Calls that wait are tasks with progress and cancel; other clients get an answer in time.",
  },
  "NMD-06": {
    source: "issue 4, nomad",
    says: "The event stream is a source of events that goes on where it broke, is bounded, and ends with its subscriber.",
  },
  "NMD-07": {
    source: "issue 4, shows",
    says: "Names, namespaces, labels and job files with quotes, newlines, dots, dollars and dashes do what they say or are refused.",
  },
  "NMD-08": {
    source: "seed 002, debugging MCP connections",
    says: "The five checks of the seed are symptoms with a cause and a remedy, each shown by a test.",
  },
  "NMD-09": {
    source: "coverage, Adapters",
    says: "A job file deploys the server on Nomad itself, and validates.",
  },
  "NMD-10": {
    source: "issue 4, shows",
    says: "parley-nomad answers from Claude Desktop's configuration form, the Inspector's command line and a v1 SDK client.",
  },
  "NMD-11": {
    source: "issue 4, nomad",
    says: "ACL token, TLS, client certificates, a unix socket, region, namespace and a proxy's password come from NOMAD_*.",
  },
  "NMD-12": {
    source: "issue 4, shows",
    says: "One flow from submission to purge holds for a real Nomad, where one is found, and for the stand-in in every run.",
  },
  "ADP-10": {
    source: "issue 4, shows",
    says: "Each adapter answers from the desktop configuration of its guide, to a v1 SDK client and the Inspector's command line.",
  },
  "ADP-09": {
    source: "issue 4",
    says: "mcpserver loads an adapter's tools one by one or whole, with the adapter's options from the YAML file.",
  },
} as const satisfies Record<string, Requirement>;
