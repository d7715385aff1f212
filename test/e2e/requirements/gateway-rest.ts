import type { Requirement } from "./requirement.ts";

const issue = "issue 5";

/** REST that asks, waits and streams. */
const interactive = {
  "GTW-50": {
    source: `${issue}, deliver 3`,
    says: "A tool that asks its caller over REST answers 202 with a form's schema and an address that goes on with the call, on servers of both eras.",
  },
  "GTW-51": {
    source: `${issue}, deliver 3`,
    says: "Answers that do not fit are refused with their places and the question stays open; declining and cancelling reach the server; the time of a call stands still meanwhile.",
  },
  "GTW-52": {
    source: `${issue}, deliver 3`,
    says: "A waiting call cannot be guessed, belongs to its caller's key, expires, and its number is bounded.",
  },
  "GTW-53": {
    source: `${issue}, deliver 3`,
    says: "Prefer: respond-async answers 202 with a Location to poll for progress and the result; DELETE cancels the call at its server.",
  },
  "GTW-54": {
    source: `${issue}, deliver 3`,
    says: "Accept: text/event-stream gives progress, questions and the result as events; a caller who leaves ends the call.",
  },
} as const satisfies Record<string, Requirement>;

/** Parts of the servers under names of their own. */
const groups = {
  "GTW-55": {
    source: `${issue}, deliver 2`,
    says: "A group of servers and tools has its MCP endpoint, document, page and routes, in which an entry's renames hold.",
  },
  "GTW-56": {
    source: `${issue}, deliver 2`,
    says: "A key limited to groups sees and calls what is in them alone, over REST and MCP.",
  },
  "GTW-57": {
    source: `${issue}, deliver 2`,
    says: "A group called as a server is, or of servers that are not there, is refused with line and column.",
  },
} as const satisfies Record<string, Requirement>;

/** For programs that speak to models. */
const models = {
  "GTW-58": {
    source: "coverage, gateway",
    says: "/openai/tools.json lists all tools, those of one server or of a group, for function calling; every name is short enough and POST openai/call maps it back.",
  },
  "GTW-59": {
    source: `${issue}, deliver 3`,
    says: "At ?mode=search an MCP endpoint shows search_tools, describe_tool and call_tool in place of its tools, follows the catalogue, and promises no gentler effects than the tools may have.",
  },
  "GTW-60": {
    source: `${issue}, deliver 3`,
    says: "What tool search costs on completed tasks, and how often its first search finds the tool, is measured over 500 tools and published.",
  },
} as const satisfies Record<string, Requirement>;

/** Secrets of callers for the servers behind the gateway. */
const credentials = {
  "GTW-63": {
    source: `${issue}, deliver 2`,
    says: "A key's own credentials for a server take the place of its entry's in this key's calls over REST and MCP, on a session that no other caller has.",
  },
  "GTW-64": {
    source: `${issue}, deliver 2`,
    says: "No credential stands in a document, a state, an error or a log; those of no server, or of a program, are refused with line and column.",
  },
} as const satisfies Record<string, Requirement>;

/** What shows that the documents are true. */
const proofs = {
  "GTW-61": {
    source: `${issue}, shows`,
    says: "Whatever is sent to a documented route, its answer is one the document names, and a status of 500 and above is 502 or 504.",
  },
  "GTW-62": {
    source: `${issue}, shows`,
    says: "openapi-typescript makes a client of the root's, a server's and a group's document that compiles, and a wrong call does not.",
  },
} as const satisfies Record<string, Requirement>;

export const gatewayRest = { ...interactive, ...groups, ...models, ...credentials, ...proofs } as const;
