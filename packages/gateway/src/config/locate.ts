import { readDocument } from "./_document.ts";
import type { ConfigProblem, Path } from "./_document.ts";

/** Where a value of a configuration stands, or the innermost thing around it that is there; counts from 1. */
export function locateInConfig(text: string, path: Path): Pick<ConfigProblem, "line" | "column"> {
  const { line, column } = readDocument(text, { env: {}, readFile: () => "" }).at(path, "");
  return { line, column };
}
