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
  return guarded(where, scope, (): unknown => {
    if (expression === undefined) return engine.parseAndRenderSync(text, scope);
    const value: unknown = engine.evalValueSync(expression, scope);
    return value ?? null;
  });
}

/** Whether a condition holds. What is not there is false. @throws `E_PLAN_TEMPLATE` */
export function holds(condition: string, scope: Scope, where: string): boolean {
  const value: unknown = guarded(where, scope, () => lenient.evalValueSync(condition, scope));
  return value !== undefined && value !== null && value !== false && value !== "" && value !== 0;
}

function guarded<Value>(where: string, scope: Scope, work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    const reason = reasonOf(cause);
    const message = `${where} cannot be filled in: ${reason}${whatIsThere(reason, scope)}.`;
    throw new ParleyError("E_PLAN_TEMPLATE", message, { cause });
  }
}

const maxNames = 20;

/** What stands where a variable was looked for: its author sees the slip. */
function whatIsThere(reason: string, scope: Scope): string {
  const [, path] = /^undefined variable: ([\w.-]+)$/.exec(reason) ?? [];
  if (path === undefined) return "";
  let found: unknown = scope;
  const walked: string[] = [];
  for (const part of path.split(".")) {
    if (!isObject(found) || !Object.hasOwn(found, part)) break;
    found = found[part];
    walked.push(part);
  }
  if (walked.length === 0 || !isObject(found)) return "";
  const names = Object.keys(found);
  const more = names.length > maxNames ? ", ..." : "";
  return `; ${walked.join(".")} has ${names.slice(0, maxNames).join(", ") || "nothing"}${more}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first line of what the library says, without its own counting of lines. */
export function reasonOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  return (said.split("\n", 1)[0] ?? "").replace(/, line:\d+, col:\d+$/, "").slice(0, 300);
}
