import type { JobRequirements, MatchSpan } from "@parley/core";
import { everydayNames, findApplication, utilities } from "../vocabulary/index.ts";
import { addSoftware, fill } from "./draft.ts";
import { readMark, refusedMark, type Outcome } from "./marks.ts";
import { tokenise, type Token } from "./tokens.ts";

/** Characters only a shell gives a meaning; Parley starts programs without one. */
const shellSyntax = /[;|&<>`$\n]/;
export const programName = /^(?:\.{0,2}\/|~\/)?[\w@+.,/-]{1,255}$/;
const longestCommand = 4096;
export const scriptName = /^[\w./+-]{1,200}\.(?:sh|bash|py|r|jl|pl|x|out|exe|sbatch|slurm|m|nf|smk)$/i;

export interface CommandReading {
  readonly text: string;
  readonly draft: JobRequirements;
  readonly spans: MatchSpan[];
  /** What has been read so far, by position. */
  readonly marks: string[];
}

export function claim(
  reading: CommandReading,
  stretch: { start: number; end: number },
  found: { outcome: Outcome; rule: string },
): void {
  const { outcome, rule } = found;
  const { start, end } = stretch;
  if (outcome === undefined || start >= end) return;
  reading.marks.fill(outcome === "refused" ? refusedMark : readMark, start, end);
  if (outcome !== "refused") {
    reading.spans.push({ path: outcome.path, start, end, text: reading.text.slice(start, end), rule });
  }
}

const base = (program: string): string => program.slice(program.lastIndexOf("/") + 1);

/** Names the application a program belongs to, unless the program only runs another file. */
function nameSoftware(draft: JobRequirements, program: string): void {
  const application = findApplication(base(program));
  if (!application || application.runsFiles || utilities.has(application.name)) return;
  if (everydayNames.has(base(program)) && !application.binaries.includes(base(program))) return;
  addSoftware(draft, { name: application.name });
}

export function fillCommand(draft: JobRequirements, command: string): Outcome {
  const [program] = tokenise(command);
  if (!program || shellSyntax.test(command) || command.length > longestCommand) return "refused";
  const outcome = fill(draft, "execution", ["command", command]);
  if (outcome !== "refused") nameSoftware(draft, program.text);
  return outcome;
}

/** Reports a second command behind `;`: `sleep 60; echo done` is not done after the first. */
function refuseNext({ text, marks }: CommandReading, end: number): void {
  const behind = /^ ?; ?(?:then |and )?/.exec(text.slice(end, end + 8))?.[0];
  const next = end + (behind?.length ?? 0);
  if (behind === undefined || !mayStartCommand(firstWord(text, next))) return;
  marks.fill(refusedMark, next, lineEnd(text, next));
}

/** Fills the command that stands between two positions and reports one that is chained to it. */
export function fillCommandAt(reading: CommandReading, start: number, end: number): Outcome {
  refuseNext(reading, end);
  return fillCommand(reading.draft, reading.text.slice(start, end));
}

/** Where a command line that begins at `start` ends: at its line, at shell syntax, at a new sentence or clause. */
export function lineEnd(text: string, start: number): number {
  const line = text.slice(start, start + longestCommand);
  const length = /[;|&<>`\n]|, |[.!?](?= [A-Z]|\s?$)| \$/.exec(line)?.index ?? line.length;
  return start + length;
}

const counting =
  /^(?:nodes?|cores?|cpus?|gpus?|ranks?|tasks?|hours?|hrs?|minutes?|mins?|days?|weeks?|seconds?)\b/i;

/** Where `on 2 nodes` or `for 1 hour` ends a command line and prose goes on. */
export function proseAt(words: readonly Token[]): number | undefined {
  const at = words.findIndex(
    ({ text }, index) =>
      index > 0 &&
      /^(?:on|for|using|across|over|with|within)$/.test(text) &&
      /^\d[\d.,]{0,9}$/.test(words[index + 1]?.text ?? "") &&
      counting.test(words[index + 2]?.text ?? ""),
  );
  return at < 0 ? undefined : at;
}

/** Words that end a command and go on in prose. */
export const prose =
  /^(?:on|with|and|for|using|at|in|over|across|within|by|then|via|under|needs?|requires?|please|to|inside|as|or|if|when|from)$/i;

/** The word that begins at a position, without the end of a sentence. */
export function firstWord(text: string, start: number): string {
  return /^[^\s,;]{1,255}/.exec(text.slice(start, start + 255))?.[0]?.replace(/[?!.]$/, "") ?? "";
}

/** A cheap look at one word before a whole line is read. */
export function mayStartCommand(word: string): boolean {
  if (/^(?:\.{0,2}\/|~\/)\w/.test(word) || scriptName.test(word) || utilities.has(word)) return true;
  return findApplication(word)?.binaries.includes(word) ?? false;
}
