import type { Requirement } from "./requirement.ts";

const issue = "issue 5";

/** How a gateway ends, and what a mistyped command line does. */
const program = {
  "GTW-160": {
    source: issue,
    says: "A second signal ends the gateway at once, with its calls, and no program of it is left, not even one that ignores SIGTERM.",
  },
  "GTW-164": {
    source: issue,
    says: "A gateway that waits for consent goes on within seconds when mcpo authorize was granted it.",
  },
  "GTW-163": {
    source: issue,
    says: "A mistyped command is an error with the nearest one, unless a program on PATH has that name.",
  },
} as const satisfies Record<string, Requirement>;

/** What of the protocol passes through beside the table of what survives. */
const through = {
  "GTW-161": {
    source: issue,
    says: "A server that serves one client hears when that client's roots change.",
  },
  "GTW-162": {
    source: issue,
    says: "A page to visit is asked of the client that called, in both eras, and completions say how many there are.",
  },
  "GTW-165": {
    source: issue,
    says: "A client that was sent to a page hears from its server that the page is done, and nobody else does.",
  },
  "GTW-168": {
    source: issue,
    says: "A caller with credentials of its own is shown what servers show to these, over MCP and REST, and nobody else is.",
  },
  "GTW-167": {
    source: issue,
    says: "An answer is kept no longer than its own ttlMs, nor than its entry says, and never for another caller.",
  },
  "GTW-166": {
    source: issue,
    says: "A server has the roots of its one client and hears when they change; no client's roots are kept for another.",
  },
} as const satisfies Record<string, Requirement>;

/** Promises of the gateway beside its first ones. */
export const gatewayMore = { ...program, ...through } as const;
