import { checkAttributes } from "./check-attributes.ts";
import { checkVertex } from "./check-resources.ts";
import type { Declared } from "./check-resources.ts";
import { checkTask } from "./check-tasks.ts";
import { isFields } from "./json.ts";
import type { Fields } from "./json.ts";
import { createChecker } from "./problem.ts";
import type { Checker, JobspecProblem } from "./problem.ts";
import { isVersionOne } from "./version-one.ts";

/** What {@link validateJobspec} found. */
export interface JobspecVerdict {
  readonly valid: boolean;
  /** `v1` keeps to RFC 25, `canonical` to RFC 14 only. Absent when invalid. */
  readonly form?: "v1" | "canonical" | undefined;
  readonly problems: readonly JobspecProblem[];
  /** What RFC 14 asks to warn of, and what flux-core refuses though RFC 14 allows it. */
  readonly warnings: readonly JobspecProblem[];
}

const keys = ["version", "resources", "tasks", "attributes"];

function checkList(value: unknown, check: Checker, each: (item: unknown, check: Checker) => void): void {
  if (!Array.isArray(value)) check.say("must be a list");
  else if (value.length === 0) check.say("must not be empty");
  else for (const [index, item] of value.entries()) each(item, check.under(index));
}

function checkDocument(jobspec: Fields, check: Checker, warn: Checker): void {
  for (const key of keys) if (jobspec[key] === undefined) check.say(`the key ${key} is missing`);
  for (const key of Object.keys(jobspec))
    if (!keys.includes(key)) warn.under(key).say("is no key of a jobspec");
  const { version, resources, tasks, attributes } = jobspec;
  if (version !== undefined && !Number.isInteger(version))
    check.under("version").say("must be a whole number");
  else if (version !== undefined && version !== 1)
    warn.under("version").say("flux-core takes version 1 only");
  const declared: Declared = { slots: new Map(), labels: new Set(), types: new Set() };
  if (resources !== undefined) {
    checkList(resources, check.under("resources"), (item, at) =>
      checkVertex(item, at, { declared, depth: 0 }),
    );
  }
  if (tasks !== undefined)
    checkList(tasks, check.under("tasks"), (item, at) => checkTask(item, at, declared));
  if (attributes !== undefined)
    checkAttributes(attributes, check.under("attributes"), warn.under("attributes"));
}

/**
 * Checks a jobspec against RFC 14, and tells whether it keeps to version 1 (RFC 25).
 * @param value - the parsed document; see `parseJobspec` for text.
 */
export function validateJobspec(value: unknown): JobspecVerdict {
  const check = createChecker();
  const warn = createChecker();
  if (isFields(value)) checkDocument(value, check, warn);
  else check.say("must be an object with version, resources, tasks and attributes");
  const valid = check.problems.length === 0;
  const form = isFields(value) && isVersionOne(value) ? "v1" : "canonical";
  return { valid, ...(valid ? { form } : {}), problems: check.problems, warnings: warn.problems };
}
