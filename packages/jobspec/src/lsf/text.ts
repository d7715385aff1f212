import type { Dependency } from "../batch-job.ts";
import type { Draft } from "../draft.ts";
import { readArray } from "../fields/array.ts";
import { addDependency } from "../fields/dependency.ts";
import { readPath } from "../fields/path-pattern.ts";
import { addVariable, inherit, splitList } from "../fields/readers.ts";

/** Reads `-J name[1-10:2]%3`. */
export function readName(text: string, draft: Draft): void {
  const match = /^([^[]*)(?:\[(.+)\](%\d+)?)?$/.exec(text);
  const [, name = "", indices, limit = ""] = match ?? [];
  if (name !== "") draft.set("name", name);
  if (indices === undefined) {
    if (match === null)
      draft.lose({ why: "unknown", field: "name", note: "name[indices]%limit was expected." });
    return;
  }
  const array = readArray(`${indices}${limit}`);
  if (array === undefined)
    draft.lose({ why: "unknown", field: "array", note: "Indices such as 1-10:2 were expected." });
  else draft.set("array", array);
}

/** Reads `-n min[,max]`. */
export function readTasks(text: string, draft: Draft): void {
  const match = /^(\d+)(?:,(\d+))?$/.exec(text);
  if (match === null) {
    draft.lose({ why: "unknown", field: "tasks", note: "A number of tasks was expected." });
    return;
  }
  draft.set("tasks", Number(match[1]));
  if (match[2] !== undefined && match[2] !== match[1]) {
    draft.lose({ why: "approximated", field: "tasks", note: "The smallest number of the range is carried." });
  }
}

const conditions: Readonly<Record<string, Exclude<Dependency["condition"], "singleton">>> = {
  done: "afterok",
  ended: "afterany",
  exit: "afternotok",
  started: "after",
};

/** Reads `-w 'done(1) && ended("prep")'`. */
export function readDependency(text: string, draft: Draft): void {
  if (text.includes("||") || text.includes("!")) {
    const note = "Only conditions that must all hold are carried (&&).";
    draft.lose({ why: "no counterpart", field: "dependencies", note });
    return;
  }
  for (const term of text.split("&&").map((each) => each.trim())) {
    const match = /^(?:(\w+)\(\s*"?([\w.-]+)"?\s*\)|"?([\w.-]+)"?)$/.exec(term);
    const condition = match?.[3] === undefined ? conditions[match?.[1] ?? ""] : "afterok";
    const job = match?.[2] ?? match?.[3];
    if (condition !== undefined && job !== undefined) addDependency({ condition, jobs: [job] }, draft);
    else
      draft.lose({
        why: "no counterpart",
        field: "dependencies",
        note: `The condition ${term} is not carried.`,
      });
  }
}

/** Reads `-b year:month:day:hour:minute`. */
export function readStart(text: string, draft: Draft): void {
  const match = /^(\d{4}):(\d{1,2}):(\d{1,2}):(\d{1,2}):(\d{2})$/.exec(text);
  if (match === null) {
    const note = "This start depends on today's date: write year:month:day:hour:minute.";
    draft.lose({ why: "no counterpart", field: "begin", note });
    return;
  }
  const [year, month, day, hour, minute] = match.slice(1).map((part) => part.padStart(2, "0"));
  draft.set("begin", { at: `${year}-${month}-${day}T${hour}:${minute}:00` });
}

/** Reads a file name; `%J` is the array's id in an array, which is known at the end only. */
export const asPath =
  (field: "output" | "error" | "input") =>
  (text: string, draft: Draft): void => {
    draft.set(
      field,
      readPath(text, /%[JI]/g, (match) => ({ fill: match === "%J" ? "jobId" : "arrayIndex" })),
    );
  };

/** Reads `-env "all, ~A, B=1"`. */
export function readEnvironment(text: string, draft: Draft): void {
  const [first, ...rest] = splitList(text);
  const word = first === "all" || first === "none";
  inherit(first === "all" ? "all" : "none", draft);
  for (const part of word ? rest : splitList(text)) {
    if (part.startsWith("~")) {
      draft.lose({
        why: "no counterpart",
        field: "environment",
        note: `Leaving out ${part} is not carried.`,
      });
    } else addVariable(part, draft);
  }
}
