import type { Requirement } from "./requirement.ts";

const item3 = "issue 4, deliver 3";
const common = "issue 4, common rules";
const coverage = "coverage, Adapters";

/** Flux as tools. */
export const flux = {
  "FLX-01": {
    source: item3,
    says: "A command, a script, a batch script with its directives and a jobspec are submitted as jobs.",
  },
  "FLX-02": {
    source: item3,
    says: "A job is run to its end with progress, exit code and output; when time is up it goes on.",
  },
  "FLX-03": {
    source: common,
    says: "Running, waiting and following are tasks; giving up a run cancels its job, and no other.",
  },
  "FLX-04": {
    source: item3,
    says: "A job's environment is an allow-list and what the caller names; what looks like a secret is refused.",
  },
  "FLX-05": {
    source: common,
    says: "Secrets in what Flux says of a job are hidden, and long answers are cut.",
  },
  "FLX-06": {
    source: "issue 4, shows: injection",
    says: "Quotes, line breaks, dots, dollars and dashes in names, paths and scripts are what they are, or are refused.",
  },
  "FLX-07": {
    source: coverage,
    says: "Tools, prompts and arguments of flux-mcp keep their names, by their dotted paths too.",
  },
  "FLX-08": {
    source: common,
    says: "About ten tools are served by default, others by group, by name, read-only or prefixed; nothing runs before a call.",
  },
  "FLX-09": {
    source: item3,
    says: "The personas keep a script apart as data, and name the tools as they are served.",
  },
  "FLX-10": {
    source: item3,
    says: "Jobs, their state, exit code, event log and output are read, with cursors.",
  },
  "FLX-11": {
    source: item3,
    says: "Resources by state with ranks and properties, queues, drained nodes and the instance are read.",
  },
  "FLX-12": {
    source: item3,
    says: "An estimate tells now from later and never, and gives the scheduler's time for a job that waits.",
  },
  "FLX-13": { source: item3, says: "A job is cancelled, signalled, held, let go and followed." },
  "FLX-14": {
    source: item3,
    says: "A jobspec goes to a child instance without what would send it on; other machines only where it is allowed.",
  },
  "FLX-15": { source: coverage, says: "Errors carry exit code and both outputs, and say what to do." },
  "FLX-16": {
    source: coverage,
    says: "parley-flux serves a v1 SDK client over stdio, with every server option.",
  },
  "FLX-17": {
    source: item3,
    says: "Jobspecs are validated, normalised, explained and counted; batch directives are judged line by line.",
  },
  "FLX-18": { source: item3, says: "Scripts are turned into other schedulers' forms, each loss reported." },
  "FLX-19": { source: item3, says: "A jobspec made here is field for field that of Flux's own builder." },
  "FLX-20": { source: item3, says: "The same calls work on a real instance where flux is on PATH." },
} as const satisfies Record<string, Requirement>;
