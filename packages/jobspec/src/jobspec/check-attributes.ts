import { isFields } from "./json.ts";
import type { Fields } from "./json.ts";
import type { Checker } from "./problem.ts";

/** System attributes of RFC 14 and of the commands of flux-core. */
const known = new Set([
  "duration", "preemptible-after", "environment", "cwd", "queue", "bank", "project", "dependencies", "constraints",
  "job", "shell", "files", "batch", "alloc", "cgroup", "submit_options", "urgency",
]); // prettier-ignore

const texts = ["cwd", "queue", "bank", "project"];

function checkDuration(value: unknown, check: Checker): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
    check.say("must be a number of seconds, 0 or more");
  }
}

function checkEnvironment(value: unknown, check: Checker): void {
  if (!isFields(value)) check.say("must be an object");
  else {
    for (const [name, text] of Object.entries(value)) {
      if (text !== null && typeof text !== "string")
        check.under(name).say("must be text, or null to unset it");
    }
  }
}

function checkDependencies(value: unknown, check: Checker): void {
  if (!Array.isArray(value)) {
    check.say("must be a list");
    return;
  }
  for (const [index, each] of value.entries()) {
    const { scheme, value: text }: Fields = isFields(each) ? each : {};
    if (typeof scheme !== "string" || scheme === "") check.under(index).say("the key scheme is missing");
    if (typeof text !== "string") check.under(index).say("the key value is missing");
  }
}

/** Characters that flux-core takes in no property, since they are operators of its command line. */
const operatorCharacters = /[&'"`|()]/;

function checkConstraintWords(operator: string, words: readonly unknown[], check: Checker): void {
  for (const [index, word] of words.entries()) {
    if (typeof word !== "string") check.under(index).say("must be text");
    else if (operator === "properties" && operatorCharacters.test(word))
      check.under(index).say("has a character no property may have");
  }
}

/** RFC 31. */
function checkConstraint(value: unknown, check: Checker, depth = 0): void {
  if (!isFields(value) || depth > 16) {
    check.say("must be an object of one operator");
    return;
  }
  const [operator, ...more] = Object.keys(value);
  if (operator === undefined) return;
  if (more.length > 0) check.say("must have exactly one operator");
  const operands = value[operator];
  const inner = check.under(operator);
  if (!Array.isArray(operands)) inner.say("must be a list");
  else if (["and", "or", "not"].includes(operator)) {
    for (const [index, each] of operands.entries()) checkConstraint(each, inner.under(index), depth + 1);
  } else if (["properties", "hostlist", "ranks"].includes(operator)) {
    checkConstraintWords(operator, operands, inner);
  } else inner.say("is no operator: it is one of and, or, not, properties, hostlist and ranks");
}

function checkSystem(system: Fields, check: Checker, warn: Checker): void {
  for (const key of Object.keys(system)) {
    if (!known.has(key)) warn.under(key).say("is no system attribute Flux knows");
  }
  for (const key of texts) {
    if (system[key] !== undefined && typeof system[key] !== "string") check.under(key).say("must be text");
  }
  for (const key of ["duration", "preemptible-after"]) {
    if (system[key] !== undefined) checkDuration(system[key], check.under(key));
  }
  if (system["environment"] !== undefined)
    checkEnvironment(system["environment"], check.under("environment"));
  if (system["dependencies"] !== undefined)
    checkDependencies(system["dependencies"], check.under("dependencies"));
  if (system["constraints"] !== undefined) checkConstraint(system["constraints"], check.under("constraints"));
  const { job } = system;
  if (job === undefined) return;
  if (!isFields(job)) check.under("job").say("must be an object");
  else {
    for (const [key, text] of Object.entries(job)) {
      if (typeof text !== "string") check.under("job").under(key).say("must be text");
    }
  }
}

/** Checks the attributes of a jobspec. */
export function checkAttributes(attributes: unknown, check: Checker, warn: Checker): void {
  if (attributes === null) return;
  if (!isFields(attributes)) {
    check.say("must be an object");
    return;
  }
  for (const key of Object.keys(attributes)) {
    if (key !== "system" && key !== "user") check.under(key).say("must be system or user");
  }
  const { system, user } = attributes;
  if (user !== undefined && !isFields(user)) check.under("user").say("must be an object");
  if (system === undefined) return;
  if (isFields(system)) checkSystem(system, check.under("system"), warn.under("system"));
  else check.under("system").say("must be an object");
}
