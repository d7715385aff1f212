import type { Requirement } from "./requirement.ts";

const issue = "issue 3";

/** What becomes of tools and clients of all hands. */
export const mcpserverWild = {
  "ROB-31": {
    source: issue,
    says: "A promise that a tool forgets ends no server; what its timer throws ends it with one sentence and the place.",
  },
  "ROB-32": {
    source: issue,
    says: "Bytes, dates and objects of classes that a tool returns are served; of what JSON cannot hold it is said what, and of whatever a tool throws, what it says.",
  },
  "ROB-33": {
    source: issue,
    says: "An MCP endpoint takes a slash at its end and clients that accept anything.",
  },
  "ROB-34": {
    source: issue,
    says: "A tool whose input is a loose object takes what it does not name, and its schema says so.",
  },
  "MCL-31": {
    source: "issue 5",
    says: "Our client follows a redirect within its origin, such as /mcp to /mcp/, and none to another.",
  },
  "MCL-32": {
    source: "issue 5",
    says: "A server that answers 500 to the newer revision's first question is tried with the older ones' handshake.",
  },
  "MCL-33": {
    source: "MCP 2025-11-25, cancellation",
    says: "A request of its own that a server with a session takes back ends its handler, and is not answered.",
  },
} as const satisfies Record<string, Requirement>;
