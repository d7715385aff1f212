import { Dependency } from "../batch-job.ts";
import type { Draft } from "../draft.ts";

/** Reads one `afterok:1:2`; `undefined` for what is no condition of {@link Dependency}. */
export function readDependency(text: string): Dependency | undefined {
  const [condition = "", ...jobs] = text.split(":");
  const parsed = Dependency.safeParse(condition === "singleton" ? { condition } : { condition, jobs });
  return parsed.success ? parsed.data : undefined;
}

/** Reads `afterok:1:2,after:3` into a draft; what cannot be kept is reported one by one. */
export function readDependencies(text: string, draft: Draft): void {
  if (text.includes("?")) {
    const note = "Any one of several jobs would do: only conditions that must all hold are carried.";
    draft.lose({ why: "no counterpart", field: "dependencies", note });
    return;
  }
  for (const part of text.split(",").filter((each) => each !== "")) {
    const dependency = readDependency(part);
    if (dependency !== undefined) draft.add("dependencies", (before = []) => [...before, dependency]);
    else {
      const note = `The condition ${part} is not carried: after, afterany, afterok, afternotok, singleton are.`;
      draft.lose({ why: "no counterpart", field: "dependencies", note });
    }
  }
}

/** Prints `afterok:1:2`. */
export const writeDependency = (dependency: Dependency): string =>
  dependency.condition === "singleton"
    ? "singleton"
    : [dependency.condition, ...dependency.jobs].join(":");
