import type { BatchJob, Mail } from "../batch-job.ts";
import type { Draft } from "../draft.ts";
import { readIsoDate } from "../fields/begin.ts";
import { readPath } from "../fields/path-pattern.ts";
import type { PathPart } from "../fields/path-pattern.ts";
import { addVariable, inherit, splitList } from "../fields/readers.ts";

const fills: Readonly<Record<string, PathPart>> = {
  j: { fill: "jobId" },
  A: { fill: "arrayJobId" },
  a: { fill: "arrayIndex" },
  x: { fill: "jobName" },
  u: { fill: "user" },
  N: { fill: "node" },
  "%": "%",
};

/** Reads a file name of `--output` and its kin. */
export const asPath =
  (field: "output" | "error" | "input") =>
  (value: string, draft: Draft): void => {
    // A backslash anywhere turns the placeholders off.
    if (value.includes("\\")) {
      draft.set(field, value.replaceAll("\\", "").replaceAll("%", "%%"));
      return;
    }
    const other: string[] = [];
    const path = readPath(value, /%\d*[A-Za-z%]/g, (match) => {
      const part = fills[match.replace(/^%\d*/, "")];
      if (part === undefined || /\d/.test(match)) other.push(match);
      return part ?? "";
    });
    if (path !== "") draft.set(field, path);
    if (other.length > 0) {
      const note = `${other.join(", ")} in the path is not carried as it is.`;
      draft.lose({ why: "approximated", field, note });
    }
  };

const events: Readonly<Record<string, Mail["events"]>> = {
  NONE: [],
  BEGIN: ["begin"],
  END: ["end"],
  FAIL: ["fail"],
  REQUEUE: ["requeue"],
  TIME_LIMIT: ["timeLimit"],
  ALL: ["begin", "end", "fail", "requeue"],
};

/** Reads `--mail-type=BEGIN,END`. */
export function readMailType(value: string, draft: Draft): void {
  for (const type of value.toUpperCase().split(",")) {
    const meant = events[type];
    if (meant === undefined) {
      draft.lose({ why: "no counterpart", field: "mail", note: `Mail on ${type} is not carried.` });
    } else {
      draft.add("mail", (mail = { events: [] }) => ({
        ...mail,
        events: Array.from(new Set([...mail.events, ...meant])),
      }));
    }
  }
}

/** Reads `--export=ALL,NAME,NAME=value`; a list of names without ALL means nothing else. */
export function readExport(value: string, draft: Draft): void {
  const parts = splitList(value);
  const word = parts[0]?.toUpperCase();
  if (word === "NIL") {
    draft.lose({ why: "approximated", field: "environment", note: "NIL is read as NONE." });
  }
  inherit(word === "ALL" ? "all" : "none", draft);
  const rest = word === "ALL" || word === "NONE" || word === "NIL" ? parts.slice(1) : parts;
  for (const part of rest.filter((each) => each !== "ALL")) addVariable(part, draft);
}

const delays: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/** Reads `--begin`: a full date, or `now+1hour`; the other words need a clock. */
export function readBegin(value: string, draft: Draft): void {
  const date = readIsoDate(value);
  const delay = /^now\+(\d+)(second|minute|hour|day|week)?s?$/.exec(value);
  if (date !== undefined) draft.set("begin", date);
  else if (delay === null) {
    const note = "This start depends on today's date: write YYYY-MM-DDTHH:MM:SS.";
    draft.lose({ why: "no counterpart", field: "begin", note });
  } else draft.set("begin", { afterSeconds: Number(delay[1]) * (delays[delay[2] ?? "second"] ?? 1) });
}

/** Reads `[{R|B}:]signal[@seconds]`. */
export function readSignal(value: string, draft: Draft): void {
  const match = /^(?:([RB]):)?(?:SIG)?([A-Z0-9]+)(?:@(\d+))?$/i.exec(value);
  if (match === null) {
    draft.lose({ why: "unknown", field: "signal", note: "[B:]signal[@seconds] was expected." });
    return;
  }
  const [, where, name = "", seconds] = match;
  if (where?.toUpperCase() === "R") {
    draft.lose({
      why: "approximated",
      field: "signal",
      note: "R (reservations may overlap) is not carried.",
    });
  }
  const signal: NonNullable<BatchJob["signal"]> = { name: name.toUpperCase() };
  if (seconds !== undefined && Number(seconds) > 0) signal.secondsBefore = Number(seconds);
  if (where?.toUpperCase() === "B") signal.batchShell = true;
  draft.set("signal", signal);
}
