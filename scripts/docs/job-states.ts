import { JobState, isTerminal } from "@parley/core";
import { format } from "oxfmt";
import { fluxJobStates } from "../../packages/engines/src/flux/job.ts";
import { slurmJobStates } from "../../packages/engines/src/slurm/job-state.ts";
import { code, generatedNotice, markdownTable } from "./table.ts";

const meanings: Readonly<Record<JobState, string>> = {
  NEW: "written down; no site has been asked yet",
  QUEUED: "the scheduler has it; it has not started",
  ACTIVE: "it runs, or its processes are being cleaned up",
  COMPLETED: "it ended with exit code 0",
  FAILED: "it ended otherwise, could not be placed, or overran its time",
  CANCELED: "somebody ended it",
  UNKNOWN: "its site does not answer; `reason` says why, and the state is read again until it does",
};

/** Words the seed's tools used for a job's state. */
const seedWords: Readonly<Record<string, JobState>> = {
  SUBMITTED: "QUEUED",
  PENDING: "QUEUED",
  RUNNING: "ACTIVE",
  COMPLETED: "COMPLETED",
  FAILED: "FAILED",
  CANCELLED: "CANCELED",
  UNKNOWN: "UNKNOWN",
};

const localWords: Readonly<Record<string, JobState>> = {
  queued: "QUEUED",
  running: "ACTIVE",
  completed: "COMPLETED",
  failed: "FAILED",
  canceled: "CANCELED",
};

/** docs/job-states.md: what every scheduler's words are in Parley's. */
export async function jobStatesPage(): Promise<string> {
  const own = JobState.options.map((state) => [
    code(state),
    meanings[state],
    isTerminal(state) ? "yes" : "",
    wordsOf(seedWords, state),
    wordsOf(localWords, state),
    wordsOf(fluxJobStates, state),
  ]);
  const slurm = Object.entries(slurmJobStates).map(([word, [state, reason]]) => [
    code(word),
    code(state),
    reason ?? "",
  ]);
  const page = [
    generatedNotice,
    "",
    "# Job states",
    "",
    "The states are PSI/J's, without staging, plus `UNKNOWN`. A final state never changes again. `nativeState` keeps the",
    "scheduler's own word. A word no table has is `UNKNOWN`, with the word in `reason`.",
    "",
    markdownTable(["State", "Meaning", "Final", "Earlier tools", "Local engine", "Flux"], own),
    "",
    "## Slurm",
    "",
    "Slurm's word is read up to the first character that is no letter: `CANCELLED by 1000` is `CANCELLED`.",
    "",
    markdownTable(["Slurm", "State", "Reason"], slurm),
    "",
  ].join("\n");
  return (await format("job-states.md", page, { printWidth: 110 })).code;
}

function wordsOf(table: Readonly<Record<string, JobState>>, state: JobState): string {
  return Object.entries(table)
    .filter(([, target]) => target === state)
    .map(([word]) => code(word))
    .join(", ");
}
