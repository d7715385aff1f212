import type { Requirement } from "./requirement.ts";

const issue = "issue 5";

/** The gateway's MCP face. */
export const gatewayMcp = {
  "GTW-30": {
    source: `${issue}, shows`,
    says: "Nothing of MCP is lost through the gateway, over stdio and HTTP, and with two clients all of it reaches the right one.",
  },
  "GTW-31": {
    source: `${issue}, deliver 3`,
    says: "What a server asks over a stream that does not tell for whom is never asked of another client: it waits until one call is left, or is refused.",
  },
  "GTW-32": {
    source: `${issue}, deliver 3`,
    says: "An entry's sessions says whether clients share a server: shared, per-client, or auto, which separates calls that run at once as soon as the server asks.",
  },
  "GTW-33": {
    source: `${issue}, deliver 3`,
    says: "Connections that clients have to themselves are bounded in number, end with their session or when idle, and none is left when the gateway closes.",
  },
  "GTW-34": {
    source: `${issue}, deliver 3`,
    says: "Clients of 2025 and of 2026 use servers of 2025 and of 2026: input of several rounds is pushed as questions and the reverse, changes listened to are notified and the reverse, and old servers get sessions.",
  },
  "GTW-35": {
    source: `${issue}, deliver 3`,
    says: "A task of a server is a task of the gateway for clients that follow tasks, and a result for those that do not.",
  },
  "GTW-36": {
    source: `${issue}, shows`,
    says: "Every scenario a revision requires of a server passes through the gateway too, over stdio and over HTTP.",
  },
  "GTW-42": {
    source: `${issue}, deliver 3`,
    says: "--stdio serves everything over standard input and output, to clients of both eras.",
  },
  "GTW-43": {
    source: `${issue}, deliver 1`,
    says: "Over MCP too a caller's headers reach its server, over a connection no other caller shares.",
  },
  "GTW-44": {
    source: `${issue}, deliver 1`,
    says: "A question of a server that was replaced meanwhile ends in an error that says to call again.",
  },
} as const satisfies Record<string, Requirement>;
