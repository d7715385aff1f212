import type { Requirement } from "./requirement.ts";

const issue = "issue 5";

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
  "GTW-132": {
    source: `${issue}, deliver 4`,
    says: "Several servers that offer the same are one: a call goes to one that is well, and of two to the one with less before it.",
  },
  "GTW-133": {
    source: `${issue}, deliver 4`,
    says: "Where one of several servers fails, a call that does no harm twice goes to another; a read that takes longer than most is asked of two.",
  },
  "GTW-134": {
    source: `${issue}, deliver 4`,
    says: "A breaker keeps calls from a server that fails in a row, lets one through after a while, and closes when it succeeds; the status shows it.",
  },
  "GTW-135": {
    source: `${issue}, deliver 4`,
    says: "Identical reads of one caller that run at once are one call, and answers are kept for that caller as long as the entry says; never across callers.",
  },
  "GTW-136": {
    source: `${issue}, shows`,
    says: "Calls of many clients with a key each, while programs are killed, reach nobody else; reloads under load fail no call; abandoned sessions leave neither memory nor processes behind.",
  },
} as const satisfies Record<string, Requirement>;
