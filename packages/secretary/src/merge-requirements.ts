import { JobRequirements, ParleyError } from "@parley/core";

/** Requirements given field by field, as flags and forms give them. */
export type RequirementOverrides = {
  readonly [Key in keyof Omit<JobRequirements, "schema">]?: JobRequirements[Key] | undefined;
};

/**
 * Lays structured fields over requirements read from words. The field wins; sections merge key by key, while
 * ranges and lists are replaced whole, so that `--nodes 2` over "at least 3 nodes" means two.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` naming the field when the result is no valid request
 */
export function mergeRequirements(
  base: JobRequirements | undefined,
  overrides: RequirementOverrides,
): JobRequirements {
  const merged = new Map<string, unknown>(Object.entries(base ?? { schema: "job-requirements/1" }));
  for (const [section, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    const before = merged.get(section);
    merged.set(section, isSection(before) && isSection(value) ? { ...before, ...defined(value) } : value);
  }
  const result = JobRequirements.safeParse(Object.fromEntries(merged));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `The request's ${path || "fields"} cannot be used: ${issue?.message ?? ""}.`,
  );
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function defined(section: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(section).filter(([, value]) => value !== undefined));
}
