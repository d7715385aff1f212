import { createEngine } from "./engine.ts";
import { reasonOf } from "./render.ts";

const engine = createEngine({ strict: true });

/** The variables of a template, each as its path; a part that is computed is undefined. Or why it is none. */
export type Variables =
  | { readonly ok: true; readonly paths: readonly (readonly (string | undefined)[])[] }
  | { readonly ok: false; readonly problem: string };

/** Reads a text for templates. */
export function templateVariables(text: string): Variables {
  try {
    const found = engine.globalVariableSegmentsSync(text);
    const paths = found.map((path) =>
      path.map((part) => (typeof part === "string" || typeof part === "number" ? String(part) : undefined)),
    );
    return { ok: true, paths };
  } catch (error) {
    return { ok: false, problem: reasonOf(error) };
  }
}

/** Reads a condition as {@link templateVariables} does. */
export function conditionVariables(condition: string): Variables {
  if (/\{\{|\{%|%\}|\}\}/.test(condition)) {
    return { ok: false, problem: "a condition is written without braces" };
  }
  return templateVariables(`{{ ${condition} }}`);
}
