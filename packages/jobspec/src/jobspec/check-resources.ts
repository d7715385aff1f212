import { isCount, isFields, textOf } from "./json.ts";
import type { Fields } from "./json.ts";
import type { Checker } from "./problem.ts";

const vertexKeys = new Set(["type", "count", "unit", "exclusive", "with", "label", "id"]);
const rangeKeys = new Set(["min", "max", "operator", "operand"]);

/** A resource that sets of counts may be given for: `2-8:2`, `1,2,4`. */
const idset = /^\[?\d+(?:-\d+)?(?::\d+)?(?:,\d+(?:-\d+)?)*\]?$/;

function checkRange(range: Fields, check: Checker): void {
  for (const key of Object.keys(range)) if (!rangeKeys.has(key)) check.under(key).say("is no key of a range");
  if (!isCount(range["min"])) check.under("min").say("must be a whole number of at least 1");
  for (const key of ["max", "operand"]) {
    if (range[key] !== undefined && !isCount(range[key]))
      check.under(key).say("must be a whole number of at least 1");
  }
  const { operator, min, max } = range;
  if (operator !== undefined && !["+", "*", "^"].includes(textOf(operator))) {
    check.under("operator").say("must be +, * or ^");
  }
  if (isCount(min) && isCount(max) && max < min) check.under("max").say("must not be less than min");
  const given = ["max", "operator", "operand"].filter((key) => range[key] !== undefined);
  if (given.length > 0 && given.length < 3) check.say("max, operator and operand come together");
}

function checkCount(count: unknown, check: Checker): void {
  if (isFields(count)) checkRange(count, check);
  else if (typeof count === "string" ? !idset.test(count) : !isCount(count)) {
    check.say("must be a whole number of at least 1, a range, or a set of numbers");
  }
}

/** What the tree of resources declares. */
export interface Declared {
  readonly slots: Map<string, Checker>;
  readonly labels: Set<string>;
  readonly types: Set<string>;
}

function checkLabel(vertex: Fields, check: Checker, declared: Declared): void {
  const { label, type } = vertex;
  if (label === undefined) {
    if (type === "slot") check.say("a slot needs a label");
    return;
  }
  if (typeof label !== "string" || label === "") {
    check.under("label").say("must be text");
    return;
  }
  if (declared.labels.has(label))
    check.under("label").say(`the label ${JSON.stringify(label)} is used twice`);
  declared.labels.add(label);
  if (type === "slot") declared.slots.set(label, check);
}

/** What a resource says of itself. */
function checkOwn({ type, count, unit, id, exclusive }: Fields, check: Checker, declared: Declared): void {
  if (typeof type !== "string" || type === "") check.under("type").say("must be text");
  else declared.types.add(type);
  if (count === undefined) check.say("the key count is missing");
  else checkCount(count, check.under("count"));
  if (unit !== undefined && typeof unit !== "string") check.under("unit").say("must be text");
  if (id !== undefined && typeof id !== "string") check.under("id").say("must be text");
  if (exclusive !== undefined && typeof exclusive !== "boolean")
    check.under("exclusive").say("must be true or false");
}

/** Checks one resource and what is under it. */
export function checkVertex(
  vertex: unknown,
  check: Checker,
  context: { declared: Declared; depth: number },
): void {
  const { declared, depth } = context;
  if (depth > 32) {
    check.say("is nested deeper than 32 levels");
    return;
  }
  if (!isFields(vertex)) {
    check.say("must be an object");
    return;
  }
  for (const key of Object.keys(vertex))
    if (!vertexKeys.has(key)) check.under(key).say("is no key of a resource");
  const { type, with: children } = vertex;
  checkOwn(vertex, check, declared);
  checkLabel(vertex, check, declared);
  if (children === undefined) {
    if (type === "slot") check.say("a slot needs resources under it (with)");
  } else if (!Array.isArray(children)) check.under("with").say("must be a list");
  else {
    if (type === "slot" && children.length === 0) check.under("with").say("a slot needs resources under it");
    for (const [index, child] of children.entries()) {
      checkVertex(child, check.under("with").under(index), { declared, depth: depth + 1 });
    }
  }
}
