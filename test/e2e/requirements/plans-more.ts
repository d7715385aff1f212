import type { Requirement } from "./requirement.ts";

/** Plans beside their core: watched by people, asked by servers, held against mistakes. */
export const plansMore = {
  "PLN-50": {
    source: "issue 6, interfaces",
    says: "parley run --ui web prints an address, shows the run there, takes its answer, and ends with the run's exit code.",
  },
  "PLN-51": {
    source: "issue 6, interfaces",
    says: "An interface for people is refused together with --json, and is closed when the run cannot begin.",
  },
  "PLN-52": {
    source: "issue 6, interfaces",
    says: "parley run --ui tui shows a run with a question to its end, and leaves the terminal as it was.",
  },
  "PLN-53": {
    source: "issue 6, bad input",
    says: "parley run --ui tui without a terminal says which interface to use, and does nothing.",
  },
  "PLN-60": {
    source: "issue 6, bad input",
    says: "A plan file that cannot be read, and a run that never was, are named before any server is started or page shown.",
  },
  "PLN-54": {
    source: "issue 6; seed 004, the lab and its exercises",
    says: "A walk-through of tasks can be typed as it stands, and prints what it says.",
  },
  "PLN-55": {
    source: "issue 6; seed 004, step 5",
    says: "Claude Desktop's configuration in it starts a queue in which a client adds, claims and completes tasks.",
  },
  "PLN-56": {
    source: "issue 6, interfaces",
    says: "What a server asks during a call reaches the interface of the run, and the answer the server; without anybody to ask the run stops.",
  },
  "PLN-57": {
    source: "issue 6, bad input",
    says: "A model whose package is not installed names the npm command that installs it.",
  },
  "PLN-58": {
    source: "issue 6, bad input",
    says: "Tools that an agent, a step or a planner names and no server has are exact problems, before a model is asked.",
  },
  "PLN-59": {
    source: "issue 6, bad input",
    says: "Steps of a plan that no run comes to are problems with line and column.",
  },
} as const satisfies Record<string, Requirement>;
