import type { Declared } from "./check-resources.ts";
import { isCount, isFields } from "./json.ts";
import type { Fields } from "./json.ts";
import type { Checker } from "./problem.ts";

const taskKeys = new Set(["command", "slot", "count", "distribution", "attributes"]);
const countKeys = ["per_slot", "per_resource", "total"];

function checkCommand(command: unknown, check: Checker): void {
  const list = Array.isArray(command) ? command : undefined;
  if (typeof command === "string" && command !== "") return;
  if (list === undefined || list.length === 0) check.say("must be a list of at least one word");
  else {
    for (const [index, word] of list.entries())
      if (typeof word !== "string") check.under(index).say("must be text");
  }
}

function checkCount(count: unknown, check: Checker, declared: Declared): void {
  if (!isFields(count)) {
    check.say("must be an object");
    return;
  }
  const given = countKeys.filter((key) => count[key] !== undefined);
  if (given.length !== 1) check.say("needs exactly one of per_slot, per_resource and total");
  for (const key of ["per_slot", "total"]) {
    if (count[key] !== undefined && !isCount(count[key]))
      check.under(key).say("must be a whole number of at least 1");
  }
  const resource = count["per_resource"];
  if (resource === undefined) return;
  const { type, count: each }: Fields = isFields(resource) ? resource : {};
  if (typeof type !== "string") check.under("per_resource").under("type").say("must be text");
  else if (!declared.types.has(type))
    check.under("per_resource").under("type").say(`no resource is a ${type}`);
  if (!isCount(each)) check.under("per_resource").under("count").say("must be a whole number of at least 1");
}

/** Checks one task against the slots that are declared. */
export function checkTask(task: unknown, check: Checker, declared: Declared): void {
  if (!isFields(task)) {
    check.say("must be an object");
    return;
  }
  for (const key of Object.keys(task)) if (!taskKeys.has(key)) check.under(key).say("is no key of a task");
  for (const key of ["command", "slot", "count"])
    if (task[key] === undefined) check.say(`the key ${key} is missing`);
  if (task["command"] !== undefined) checkCommand(task["command"], check.under("command"));
  const { slot, count } = task;
  if (slot !== undefined && typeof slot !== "string") check.under("slot").say("must be text");
  else if (slot !== undefined && !declared.slots.has(slot)) {
    check.under("slot").say(`no slot has the label ${JSON.stringify(slot)}`);
  }
  if (count !== undefined) checkCount(count, check.under("count"), declared);
}
