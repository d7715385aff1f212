import { ParleyError } from "@parley/core";
import { createEngine } from "./engine.ts";

/** What templates see. */
export type Scope = Readonly<Record<string, unknown>>;

const engine = createEngine({ strict: true });
const lenient = createEngine({ strict: false });

/** A text that is one template and nothing else: its value is taken as it is. */
const whole = /^\s*\{\{-?((?:(?!\{\{|\}\}).)*?)-?\}\}\s*$/s;

/** Whether a text holds a template. */
export function isTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%");
}

/**
 * Fills in templates wherever they stand in a value. Text that is one template becomes the value it names, whatever its
 * kind; in the middle of text, objects are JSON.
 * @throws `E_PLAN_TEMPLATE` naming the place
 */
export function render(value: unknown, scope: Scope, where: string): unknown {
  if (typeof value === "string") return renderText(value, scope, where);
  if (Array.isArray(value)) return value.map((item, index) => render(item, scope, `${where}[${index}]`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, render(inner, scope, `${where}.${key}`)]),
  );
}

function renderText(text: string, scope: Scope, where: string): unknown {
  if (!isTemplate(text)) return text;
  const [, expression] = whole.exec(text) ?? [];
  return guarded(where, (): unknown => {
    if (expression === undefined) return engine.parseAndRenderSync(text, scope);
    const value: unknown = engine.evalValueSync(expression, scope);
    return value ?? null;
  });
}

/** Whether a condition holds. What is not there is false. @throws `E_PLAN_TEMPLATE` */
export function holds(condition: string, scope: Scope, where: string): boolean {
  const value: unknown = guarded(where, () => lenient.evalValueSync(condition, scope));
  return value !== undefined && value !== null && value !== false && value !== "" && value !== 0;
}

function guarded<Value>(where: string, work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    throw new ParleyError("E_PLAN_TEMPLATE", `${where} cannot be filled in: ${reasonOf(cause)}.`, { cause });
  }
}

/** The first line of what the library says, without its own counting of lines. */
export function reasonOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  return (said.split("\n", 1)[0] ?? "").replace(/, line:\d+, col:\d+$/, "").slice(0, 300);
}
