import type { BatchJob } from "./batch-job.ts";
import { scriptOf } from "./fields/command-line.ts";
import { composeScript, disarm } from "./script/compose.ts";
import type { DirectiveRules } from "./script/split.ts";
import { writeFields } from "./writing.ts";
import type { FieldWriters, Pen } from "./writing.ts";

/** A scheduler that takes its options from comments of a script. */
export interface ScriptWriter {
  /** What a directive begins with, and the space after it. */
  readonly prefix: string;
  readonly rules: DirectiveRules;
  /** Whether its directives count, or are errors, anywhere in the script. */
  readonly everywhere?: boolean | undefined;
  readonly fields: FieldWriters;
  /** Options that several fields make together; they come first. */
  readonly joint?: ((job: BatchJob, pen: Pen) => readonly string[]) | undefined;
}

/** Writes a job as a script. */
export function writeScript(job: BatchJob, pen: Pen, writer: ScriptWriter): string {
  const options = [...(writer.joint?.(job, pen) ?? []), ...writeFields(writer.fields, { job, pen })];
  if (job.interpreter === undefined) {
    pen.add("interpreter", "The source names no shell: /bin/bash.");
  }
  if (job.command !== undefined && job.script === undefined) {
    pen.approximate("command", "The command became the one line of a script.", ["script"]);
  }
  const { sentinel } = writer.rules;
  const { body, changed } = disarm(scriptOf(job), { sentinel, everywhere: writer.everywhere ?? false });
  for (const line of changed) {
    pen.approximate(
      "script",
      `A comment would have become a directive and was changed: ${line.trim().slice(0, 80)}.`,
    );
  }
  return composeScript({
    interpreter: job.interpreter,
    directives: options.map((option) => `${writer.prefix}${option}`),
    body,
  });
}
