import type { Requirement } from "./requirement.ts";

/** Batch scripts and jobspecs, read, written and turned into one another. */
export const jobspec = {
  "JSP-01": {
    source: "issue 4, transform",
    says: "A corpus of at least 60 scripts and jobspecs of every dialect reads and turns into every other as recorded.",
  },
  "JSP-02": {
    source: "issue 4, transform",
    says: "Options are read as people write them: long, short, glued, quoted, continued, in every unit of time.",
  },
  "JSP-04": {
    source: "issue 4, transform",
    says: "A job that goes through any dialect, or any pair of them, is the same but for what was reported.",
  },
  "JSP-05": {
    source: "issue 4, transform",
    says: "Kubernetes output is valid against the published OpenAPI schema.",
  },
  "JSP-06": {
    source: "issue 4, transform",
    says: "Slurm output is accepted by a real sbatch, as the job says it.",
  },
  "JSP-07": {
    source: "issue 4, flux",
    says: "A jobspec is checked against RFC 14 and 25, with the path of each problem.",
  },
  "JSP-08": {
    source: "issue 4, transform",
    says: "Flux output is a jobspec of version 1, and a real flux job-validator takes it where there is one.",
  },
  "JSP-09": {
    source: "issue 4, flux",
    says: "A jobspec is normalised, counted and explained in plain words.",
  },
  "JSP-10": {
    source: "issue 4, injection",
    says: "Large, broken and hostile text is refused with its line, and nothing else happens.",
  },
  "JSP-11": {
    source: "issue 4, injection",
    says: "No name, path or comment becomes another directive or command.",
  },
  "JSP-12": {
    source: "issue 4, transform",
    says: "Variables, commands and modules a script counts on are reported, and variables renamed on request.",
  },
  "JSP-14": {
    source: "issue 4, transform",
    says: "Flux output is what the validator of Flux 0.88 takes, and nothing it refuses is valid here.",
  },
  "JSP-13": {
    source: "issue 4, transform",
    says: "The table of what has a counterpart where is what the writers do.",
  },
} as const satisfies Record<string, Requirement>;
