import { validate } from "dockerfile-utils";
import { checkBaseImages } from "./base-images.ts";
import type { Check, Finding } from "./finding.ts";
import { checkPackages } from "./packages.ts";
import { checkParallel } from "./parallel.ts";
import { readDockerfile } from "./read-dockerfile.ts";
import { checkRuntime } from "./runtime.ts";
import { checkSecrets } from "./secrets.ts";
import { checkStages } from "./stages.ts";

const checks: readonly Check[] = [
  checkBaseImages,
  checkStages,
  checkSecrets,
  checkPackages,
  checkRuntime,
  checkParallel,
];

/** What the language server protocol calls an error. */
const errorSeverity = 1;

/** Everything there is to say of a Dockerfile, by line; syntax by `dockerfile-utils`, the rest by the checks here. */
export function validateDockerfile(text: string): readonly Finding[] {
  const syntax = syntaxOf(text);
  const file = readDockerfile(text);
  const empty: Finding[] =
    file.stages.length === 0 && syntax.length === 0
      ? [{ line: 1, level: "error", rule: "syntax", message: "There is no FROM." }]
      : [];
  const found = checks.flatMap((check) => check(file));
  return [...syntax, ...empty, ...found].toSorted((a, b) => a.line - b.line);
}

/** What the syntax check says; its library recurses without end on some files that do not begin with FROM. */
function syntaxOf(text: string): readonly Finding[] {
  try {
    return validate(text).map(({ range, severity, message }): Finding => ({
      line: range.start.line + 1,
      level: severity === errorSeverity ? "error" : "warning",
      rule: "syntax",
      message: `${typeof message === "string" ? message : message.value}.`.replace(/\.\.$/, "."),
    }));
  } catch {
    const message = "It cannot be read: a Dockerfile begins with FROM, or ARG and then FROM.";
    return [{ line: 1, level: "error", rule: "syntax", message }];
  }
}
