import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { pathText, placesOf } from "./places.ts";
import { wordsOf } from "./words.ts";
import type { FindPlace } from "./places.ts";
import type { PlanProblem } from "./problem.ts";

/** What a file says, where its parts stand, and what is wrong with it. */
export interface Parsed<Value> {
  /** Absent when there are problems. */
  readonly value: Value | undefined;
  readonly problems: readonly PlanProblem[];
  /** A problem at a path of keys and positions. */
  readonly problemAt: (path: readonly PropertyKey[], message: string) => PlanProblem;
}

/** Reads YAML (or JSON) into a record; unknown keys, wrong kinds and broken YAML are problems with their places. */
export function parseYaml<Shape extends z.ZodType>(
  text: string,
  file: string,
  shape: Shape,
): Parsed<z.output<Shape>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problemAt = problemsOf(placesOf(document, lines), file);
  const faults = [...document.errors, ...document.warnings].map(({ pos: [offset], message }) => {
    const { line, col: column } = lines.linePos(offset);
    return { file, line, column, path: "", message: message.split("\n", 1)[0] ?? "" };
  });
  if (faults.length > 0) return { value: undefined, problems: faults, problemAt };
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { value: undefined, problems: [problemAt([], message)], problemAt };
  }
  const parsed = shape.safeParse(raw);
  if (parsed.success) return { value: parsed.data, problems: [], problemAt };
  return { value: undefined, problems: parsed.error.issues.flatMap(issueProblems(problemAt)), problemAt };
}

const problemsOf =
  (find: FindPlace, file: string): Parsed<unknown>["problemAt"] =>
  (path, message) => ({ file, ...find(path), path: pathText(path), message });

const issueProblems =
  (problemAt: Parsed<unknown>["problemAt"]) =>
  (issue: z.core.$ZodIssue): readonly PlanProblem[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => problemAt([...issue.path, key], `there is no key "${key}"`));
    }
    if (issue.code === "invalid_union") {
      const deepest = issue.errors
        .flat()
        .toSorted((left, right) => right.path.length - left.path.length)
        .at(0);
      if (deepest !== undefined && deepest.path.length > 0) {
        return issueProblems(problemAt)({ ...deepest, path: [...issue.path, ...deepest.path] });
      }
    }
    if (issue.code === "invalid_value" && issue.path.at(-1) === "type") {
      return [problemAt(issue.path, `no step is of this type; there is ${issue.values.join(", ")}`)];
    }
    return [problemAt(issue.path, wordsOf(issue))];
  };
