import type { Draft } from "../draft.ts";
import { readIsoDate } from "../fields/begin.ts";
import { readFluxDuration } from "../fields/duration.ts";
import { readPath } from "../fields/path-pattern.ts";
import type { PathPart } from "../fields/path-pattern.ts";
import { addVariable, inherit } from "../fields/readers.ts";

const fills: Readonly<Record<string, PathPart>> = {
  id: { fill: "jobId" },
  jobid: { fill: "jobId" },
  name: { fill: "jobName" },
};

/** Reads a mustache template such as `out-{{id}}.txt`. */
export const asPath =
  (field: "output" | "error" | "input") =>
  (text: string, draft: Draft): void => {
    const path = readPath(text, /\{\{[\w.]+\}\}/g, (match) => {
      const part = fills[match.slice(2, -2).split(".")[0] ?? ""];
      if (part === undefined || match.includes(".")) {
        draft.lose({ why: "approximated", field, note: `${match} in the path is not carried as it is.` });
      }
      return part ?? "";
    });
    if (path !== "") draft.set(field, path);
  };

/** Reads a rule of `--env`. */
export function readEnvironment(rule: string, draft: Draft): void {
  if (rule === "*" || rule === "-*") inherit(rule === "*" ? "all" : "none", draft);
  else if (/^[A-Za-z_]\w*=/.test(rule)) {
    if (/(?<!\$)(?:\$\$)*\$(?!\$)/.test(rule)) {
      const note = "Flux fills in variables when the job is submitted: the value is carried as it is.";
      draft.lose({ why: "approximated", field: "environment", note });
    }
    addVariable(rule.replaceAll("$$", "$"), draft);
  } else if (/^[A-Za-z_]\w*$/.test(rule)) addVariable(rule, draft);
  else
    draft.lose({
      why: "no counterpart",
      field: "environment",
      note: "A pattern or a file of rules is not carried.",
    });
}

/** Reads `--begin-time=+1h` and a full date; the other words need a clock. */
export function readBegin(text: string, draft: Draft): void {
  const delay = text.startsWith("+") ? readFluxDuration(text.slice(1), 1) : undefined;
  const date = readIsoDate(text);
  if (date !== undefined) draft.set("begin", date);
  else if (delay !== undefined && delay > 0) draft.set("begin", { afterSeconds: delay });
  else {
    const note = "This start depends on today's date: write YYYY-MM-DD HH:MM:SS.";
    draft.lose({ why: "no counterpart", field: "begin", note });
  }
}

/** Reads `--signal=SIG@TIME`; USR1 and 60 seconds unless said. */
export function readSignal(text: string, draft: Draft): void {
  const match = /^(?:SIG)?([A-Za-z0-9]*)(?:@(.+))?$/i.exec(text);
  const seconds = match?.[2] === undefined ? 60 : readFluxDuration(match[2], 1);
  if (match === null || seconds === undefined || seconds === 0) {
    draft.lose({ why: "unknown", field: "signal", note: "SIG@TIME was expected." });
    return;
  }
  const name = match[1] === undefined || match[1] === "" ? "USR1" : match[1].toUpperCase();
  draft.set("signal", { name, secondsBefore: seconds });
}

/** Reads `--urgency`; 0 holds the job. */
export function readUrgency(text: string, draft: Draft): void {
  const words: Readonly<Record<string, number>> = { hold: 0, default: 16, expedite: 31 };
  const level = words[text] ?? (/^\d+$/.test(text) ? Number(text) : undefined);
  if (level === undefined || level > 31) {
    draft.lose({
      why: "unknown",
      field: "priority",
      note: "0 to 31, hold, default or expedite was expected.",
    });
  } else if (level === 0) draft.set("hold", true);
  else draft.set("priority", { value: level, scale: "flux" });
}
