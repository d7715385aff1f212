import type { Requirement } from "./requirement.ts";

/** Any tools, prompts, resources and events behind one server. */
export const mcpserver = {
  "CONF-01": {
    source: "issue 3, shows: conformance",
    says: "A tool, prompt or resource asks user, model and client through one call that works for clients of both eras, over HTTP and stdio.",
  },
  "CONF-02": {
    source: "issue 3, shows: conformance",
    says: "A handler runs again from its start when its client has answered; earlier answers and what once() made are kept, and questions asked side by side travel together.",
  },
  "CONF-03": {
    source: "issue 3, shows: conformance",
    says: "A client that cannot be asked gets -32021 with the missing capabilities and status 400, or an error result in the 2025 era; a tool can find out first.",
  },
  "CONF-04": {
    source: "issue 3, shows: conformance",
    says: "Log messages reach a client from the level it asked for, by logging/setLevel or in its request.",
  },
  "CONF-05": {
    source: "issue 3, shows: conformance",
    says: "Arguments of prompts and variables of resource templates are completed.",
  },
  "CONF-06": {
    source: "issue 3, shows: conformance",
    says: "A client that watches a resource hears of its changes and of no others, until it stops; what a session may watch is bounded.",
  },
  "CONF-07": {
    source: "issue 3, shows: conformance",
    says: "The state of a call that asked is sealed, bound to its caller, name and arguments, bounded, and expires; no answer counts for a question that has changed.",
  },
  "CONF-08": {
    source: "issue 3, shows: conformance",
    says: "Prompts and resources are observed and have a deadline as tools do; an unknown resource is -32602 with its URI.",
  },
  "CONF-09": {
    source: "issue 3, shows: conformance",
    says: "Icons, annotations, sizes, resource links and caching hints reach clients that know them.",
  },
  "CONF-10": {
    source: "issue 3, shows: conformance",
    says: "An argument declared as a header must come as that header too and agree with it.",
  },
  "CONF-11": {
    source: "issue 3, shows: conformance",
    says: "Requests are counted by era, and each log line of a request names its era.",
  },
  "CONF-12": {
    source: "issue 3, shows: conformance",
    says: "A client of a session whose stream broke takes it up again by Last-Event-ID.",
  },
  "CONF-13": {
    source: "issue 3, shows: conformance",
    says: "The official conformance suite passes: every required server scenario of 2025-11-25 and of 2026-07-28.",
  },
  "CONF-14": {
    source: "issue 3, shows: conformance",
    says: "The suite's tool scenarios pass with the tools on a worker, reached through the hub.",
  },
} as const satisfies Record<string, Requirement>;
