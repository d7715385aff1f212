import type { BatchJob } from "../batch-job.ts";
import type { Pen } from "../writing.ts";
import { escapeCommand } from "./expand.ts";

/** How an interpreter takes its program on the command line. */
export function inlineFlag(interpreter: string): string | undefined {
  const words = interpreter.split(/\s+/).map((word) => word.split("/").at(-1) ?? "");
  const program = words.find((word) => word !== "env" && !word.startsWith("-")) ?? "";
  if (/^(?:ba|da|k|mk|z|c|tc|fi)?sh$/.test(program) || /^python[\d.]*$/.test(program)) return "-c";
  return /^(?:perl|ruby|node|lua)[\d.]*$/.test(program) ? "-e" : undefined;
}

/** The command of the container: the job's own, or its interpreter with the script as an argument. */
export function containerCommand(job: BatchJob, pen: Pen): string[] {
  if (job.script === undefined) {
    if (job.interpreter !== undefined) pen.lose("interpreter", "A command has no shell.");
    if (job.command === undefined) pen.add("command", "The job runs nothing: /bin/true.");
    return (job.command ?? ["/bin/true"]).map(escapeCommand);
  }
  if (job.command !== undefined) pen.lose("command", "The job runs its script.");
  const { interpreter = "/bin/bash" } = job;
  if (job.interpreter === undefined) pen.add("interpreter", "The source names no shell: /bin/bash.");
  const flag = inlineFlag(interpreter);
  if (flag === undefined) {
    pen.lose("interpreter", "It is not known how it takes a script as an argument: /bin/bash runs it.");
    return ["/bin/bash", "-c", escapeCommand(job.script)];
  }
  return [...interpreter.split(/\s+/), flag, escapeCommand(job.script)];
}
