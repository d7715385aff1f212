import type { BatchJob } from "../batch-job.ts";
import { quoteForShell } from "../script/words.ts";

/** One argument, on one line whatever is in it. */
function argument(text: string): string {
  // oxlint-disable-next-line no-control-regex -- a line end inside quotes could begin a directive on the next line
  if (!/[\u0000-\u001f]/.test(text)) return quoteForShell(text);
  const escaped = text
    .replace(/['\\]/g, String.raw`\$&`)
    // oxlint-disable-next-line no-control-regex -- as above
    .replace(/[\u0000-\u001f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `$'${escaped}'`;
}

/** The command of a job as one line of a shell script. */
export const commandLine = (command: readonly string[]): string => command.map(argument).join(" ");

/** What a job's script has to be: its own, or its command's line. */
export function scriptOf(job: BatchJob): string {
  if (job.script !== undefined) return job.script;
  return job.command === undefined ? "" : `${commandLine(job.command)}\n`;
}
