import type { Requirement } from "./requirement.ts";

const issue = "issue 5";

/** What becomes of servers, files and callers as they are found in the wild. */
export const gatewayWild = {
  "GTW-301": {
    source: issue,
    says: "Tools with spaces, other scripts, long names or schemas that say little are all served, by their own names over REST and by fitting ones over MCP.",
  },
  "GTW-302": {
    source: issue,
    says: "A server's error without a number keeps its words; slashes in and after a tool's name may stand in its address as they are.",
  },
  "GTW-303": {
    source: issue,
    says: "Files of VS Code, Cursor, Windsurf and Gemini are read as they are, with names of servers in any script, with spaces and slashes.",
  },
  "GTW-304": {
    source: issue,
    says: "A key for tools of a server whose name holds dots sees that server and no other.",
  },
  "GTW-305": {
    source: issue,
    says: "A schema whose reference leads nowhere, to another document or to itself alone costs no other tool its place in a document that generators take.",
  },
  "GTW-306": {
    source: issue,
    says: "JSON is read under each of its names and without a type; another kind of body is 415 with what to send, another method 405 with what is taken.",
  },
} as const satisfies Record<string, Requirement>;
