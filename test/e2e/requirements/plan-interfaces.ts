import type { Requirement } from "./requirement.ts";

/** A running plan and a queue of tasks, as people see them. */
export const planInterfaces = {
  "PLI-01": {
    source: "issue 6, interfaces",
    says: "A run is kept as it stands: steps with attempts, times, inputs and outputs, the log, how it ended.",
  },
  "PLI-02": {
    source: "issue 6, interfaces",
    says: "A question is answered once, by one of its options where it has some, or ends with the run.",
  },
  "PLI-03": {
    source: "issue 6, interfaces",
    says: "A run that goes on for long stays bounded, and only what changed is sent.",
  },
  "PLI-04": {
    source: "issue 6, interfaces",
    says: "Any plan is drawn, with every step and every way to it.",
  },
  "PLI-05": {
    source: "issue 6, interfaces",
    says: "Whoever has not the token sees nothing of a run and answers nothing.",
  },
  "PLI-06": {
    source: "issue 6, interfaces",
    says: "The page shows the live graph of the plan, and each step in detail.",
  },
  "PLI-07": {
    source: "issue 6, interfaces",
    says: "The page puts questions and takes answers; who comes later sees the run as it is.",
  },
  "PLI-08": {
    source: "issue 6, interfaces",
    says: "A terminal shows live cards of steps, the log and the questions, and is left as it was found.",
  },
  "PLI-09": { source: "issue 6, interfaces", says: "Other people's text cannot tell a terminal what to do." },
  "PLI-10": {
    source: "issue 6, interfaces",
    says: "The board shows the queue by state, a task with attempts and feedback, the breaker and the throughput.",
  },
} as const satisfies Record<string, Requirement>;
