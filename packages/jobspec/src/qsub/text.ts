import type { Mail } from "../batch-job.ts";
import type { Draft } from "../draft.ts";
import { readCompactDate } from "../fields/begin.ts";
import { readPath } from "../fields/path-pattern.ts";
import type { PathPart } from "../fields/path-pattern.ts";
import { addVariable, splitList } from "../fields/readers.ts";

const fills: Readonly<Record<string, PathPart>> = {
  PBS_JOBID: { fill: "jobId" },
  MOAB_JOBID: { fill: "jobId" },
  PBS_JOBNAME: { fill: "jobName" },
  MOAB_JOBNAME: { fill: "jobName" },
  PBS_ARRAYID: { fill: "arrayIndex" },
  MOAB_JOBARRAYINDEX: { fill: "arrayIndex" },
  USER: { fill: "user" },
  array_index: { fill: "arrayIndex" },
};

/** Reads `[host:]path` of `-o` and `-e`. */
export const asPath =
  (field: "output" | "error") =>
  (value: string, draft: Draft): void => {
    const local = value.replace(/^[\w.-]*:(?=.)/, "");
    if (local !== value) {
      draft.lose({ why: "approximated", field, note: "The host before the path is not carried." });
    }
    const path = readPath(local, /\$\{?\w+\}?|\^array_index\^/g, (match) => {
      const name = match.replaceAll(/[${}^]/g, "");
      const part = fills[name];
      if (part === undefined) {
        draft.lose({ why: "approximated", field, note: `The variable ${match} stays in the path as it is.` });
      }
      return part ?? match;
    });
    if (path !== "") draft.set(field, path);
  };

const letters: Readonly<Record<string, Mail["events"]>> = {
  a: ["fail"],
  f: ["fail"],
  b: ["begin"],
  e: ["end"],
};

/** Reads `-m abe`. */
export function readMailEvents(value: string, draft: Draft): void {
  const events = Array.from(value).flatMap((letter) => letters[letter] ?? []);
  const other = value.replaceAll(/[abefnp]/g, "");
  if (other !== "")
    draft.lose({ why: "no counterpart", field: "mail", note: `Mail on ${other} is not carried.` });
  draft.add("mail", (mail) => ({ ...mail, events: Array.from(new Set(events)) }));
}

/** Reads `-v NAME,NAME=value`. */
export function readVariables(value: string, draft: Draft): void {
  for (const part of splitList(value)) addVariable(part, draft);
}

/** Reads `-a CCYYMMDDhhmm[.SS]`. */
export function readStart(value: string, draft: Draft): void {
  const begin = readCompactDate(value);
  if (begin !== undefined) draft.set("begin", begin);
  else {
    const note = "This start depends on today's date: write CCYYMMDDhhmm.";
    draft.lose({ why: "no counterpart", field: "begin", note });
  }
}

/** Reads `-j oe`, `-j eo`, `-j n`: joined output is what a job without an error path means. */
export function readJoin(value: string, draft: Draft): void {
  if (value === "eo") {
    draft.lose({
      why: "approximated",
      field: "output",
      note: "Both streams go to the output, not to the error.",
    });
  } else if (value !== "oe" && value !== "n") {
    draft.lose({ why: "unknown", field: "output", note: "oe, eo or n was expected." });
  }
}
