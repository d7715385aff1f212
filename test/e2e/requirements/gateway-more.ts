import type { Requirement } from "./requirement.ts";

const issue = "issue 5";

/** How a gateway ends, and what a mistyped command line does. */
const program = {
  "GTW-160": {
    source: issue,
    says: "A second signal ends the gateway at once, with its calls, and no program of it is left, not even one that ignores SIGTERM.",
  },
} as const satisfies Record<string, Requirement>;

/** Promises of the gateway beside its first ones. */
export const gatewayMore = { ...program } as const;
