import type { Requirement } from "./requirement.ts";

const issue = "issue 6";

/** What authors of plans and tasks run into who have read the guide alone. */
export const plansWild = {
  "PLN-61": {
    source: issue,
    says: "A template that names what is not there is told with what there is.",
  },
  "PLN-62": {
    source: issue,
    says: "A desktop host's file of servers is read as it is, and what is wrong with it is said with the flag, the file and the place.",
  },
} as const satisfies Record<string, Requirement>;
