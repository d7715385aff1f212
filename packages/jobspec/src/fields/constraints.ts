import type { BatchJob } from "../batch-job.ts";
import type { Pen } from "../writing.ts";

/** Which features a target can say. */
export interface ConstraintRules {
  /** Names that mean something else there. */
  readonly reserved?: RegExp | undefined;
  /** The value a name alone is written with: a feature that has it as its own value is read back as a name. */
  readonly yes?: RegExp | undefined;
  /** Whether a feature may have a value, or must have one. */
  readonly values: "allowed" | "never" | "always";
}

const apart = (feature: string): [string, string | undefined] => {
  const [name = "", value] = feature.split("=");
  return [name, value];
};

/** The features a target can say; others are reported. */
export function sayableConstraints(job: BatchJob, pen: Pen, rules: ConstraintRules): string[] {
  return (job.constraints ?? []).filter((feature) => {
    const [name, value] = apart(feature);
    if (rules.reserved?.test(name) === true) {
      pen.lose("constraints", `${name} means something else there.`);
      return false;
    }
    if (rules.values === "never" ? value !== undefined : rules.values === "always" && value === undefined) {
      const shape = rules.values === "never" ? "a name and no value" : "a name and a value";
      pen.lose("constraints", `${feature}: a feature there has ${shape}.`);
      return false;
    }
    if (value !== undefined && rules.yes?.test(value) === true) {
      pen.approximate("constraints", `${feature} is the same there as ${name} alone.`);
    }
    return true;
  });
}
