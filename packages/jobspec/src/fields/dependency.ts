import { Dependency } from "../batch-job.ts";
import type { Draft } from "../draft.ts";

/** Reads one `afterok:1:2`; `undefined` for what is no condition of {@link Dependency}. */
export function readDependency(text: string): Dependency | undefined {
  const [condition = "", ...jobs] = text.split(":");
  const parsed = Dependency.safeParse(condition === "singleton" ? { condition } : { condition, jobs });
  return parsed.success ? parsed.data : undefined;
}

/** Adds a dependency; one on the same condition as the last joins it. */
export function addDependency(dependency: Dependency, draft: Draft): void {
  draft.add("dependencies", (before = []) => {
    const last = before.at(-1);
    if (last?.condition !== dependency.condition || !("jobs" in last) || !("jobs" in dependency)) {
      return [...before, dependency];
    }
    return [...before.slice(0, -1), { ...last, jobs: [...last.jobs, ...dependency.jobs] }];
  });
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
    if (dependency !== undefined) addDependency(dependency, draft);
    else {
      const note = `The condition ${part} is not carried: after, afterany, afterok, afternotok, singleton are.`;
      draft.lose({ why: "no counterpart", field: "dependencies", note });
    }
  }
}

/** Prints `afterok:1:2`. */
export const writeDependency = (dependency: Dependency): string =>
  dependency.condition === "singleton" ? "singleton" : [dependency.condition, ...dependency.jobs].join(":");
