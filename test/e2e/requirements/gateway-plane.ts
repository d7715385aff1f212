import type { Requirement } from "./requirement.ts";

const issue = "the gateway issue";

/** The gateway's data plane: how calls travel, and what several servers do together. */
export const gatewayPlane = {
  "GTW-130": {
    source: `${issue}, shows`,
    says: "A server that is gone when a call reaches it is started or found again, and a call that does no harm twice is sent again: its caller sees no error.",
  },
  "GTW-131": {
    source: `${issue}, deliver 4`,
    says: "Calls and lists in sessions are answered without the SDK where they are plain, and as the SDK answers them; one that reports, asks, takes long or is cancelled goes on inside it, begun once.",
  },
} as const satisfies Record<string, Requirement>;
