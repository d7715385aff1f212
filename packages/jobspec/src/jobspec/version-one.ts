import { fieldsAt, isCount, isFields, itemsOf } from "./json.ts";
import type { Fields } from "./json.ts";

const typeOf = (value: unknown): unknown => fieldsAt(value)["type"];

function slotIsPlain(slot: Fields): boolean {
  const children = itemsOf(slot["with"]);
  const types = children.map(typeOf);
  return (
    isCount(slot["count"]) &&
    children.every((child) => isCount(fieldsAt(child)["count"]) && fieldsAt(child)["with"] === undefined) &&
    types.filter((type) => type === "core").length === 1 &&
    types.every((type) => type === "core" || type === "gpu") &&
    new Set(types).size === types.length
  );
}

function resourcesArePlain(resources: readonly unknown[]): boolean {
  const [only, ...more] = resources;
  if (!isFields(only) || more.length > 0) return false;
  if (only["type"] === "slot") return slotIsPlain(only);
  const [slot, ...others] = itemsOf(only["with"]);
  return only["type"] === "node" && isCount(only["count"]) && others.length === 0 && isFields(slot) &&
    slot["type"] === "slot" && slotIsPlain(slot); // prettier-ignore
}

/** Whether a valid canonical jobspec keeps to the narrower rules of RFC 25. */
export function isVersionOne(jobspec: Fields): boolean {
  const [task, ...more] = itemsOf(jobspec["tasks"]);
  const count = fieldsAt(task, "count");
  const perSlot = count["per_slot"] === 1 || isCount(count["total"]);
  return (
    jobspec["version"] === 1 &&
    resourcesArePlain(itemsOf(jobspec["resources"])) &&
    more.length === 0 &&
    Array.isArray(fieldsAt(task)["command"]) &&
    perSlot &&
    typeof fieldsAt(jobspec, "attributes", "system")["duration"] === "number"
  );
}
