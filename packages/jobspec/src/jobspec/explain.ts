import { formatDuration } from "@parley/core";
import { quoteForShell } from "../script/words.ts";
import { countResources, isOpen, leastOf } from "./count.ts";
import { explainAttributes } from "./explain-attributes.ts";
import { fieldsAt, isFields, itemsOf, textOf } from "./json.ts";
import type { Fields } from "./json.ts";
import { requireJobspec } from "./require.ts";

/** What {@link explainJobspec} says. */
export interface JobspecExplanation {
  /** `2 nodes, each 4 slots of 8 cores and 1 GPU, 2h`. */
  readonly summary: string;
  /** One sentence for each thing it asks for. */
  readonly lines: readonly string[];
  /** How many of each resource type in all; a range counts with its least. */
  readonly counts: Readonly<Record<string, number>>;
}

const names: Readonly<Record<string, string>> = { gpu: "GPU" };

function amount(count: unknown): string {
  if (!isOpen(count)) return String(count);
  if (typeof count === "string") return count.replaceAll(",", " or ");
  const { min, max, operator, operand }: Fields = isFields(count) ? count : {};
  if (max === undefined) return `at least ${textOf(min)}`;
  const step = operator === "+" && operand === 1 ? "" : ` (each time ${textOf(operator)} ${textOf(operand)})`;
  return `${textOf(min)} to ${textOf(max)}${step}`;
}

function noun(vertex: Fields): string {
  const type = String(vertex["type"]);
  const name = names[type] ?? type;
  const { unit, count } = vertex;
  if (typeof unit === "string") return `${unit} of ${name}`;
  return leastOf(count) === 1 && !isOpen(count) ? name : `${name}s`;
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

function phrase(vertex: unknown): string {
  const fields = fieldsAt(vertex);
  const children = itemsOf(fields["with"]);
  const { type, exclusive, count } = fields;
  const shared = type === "slot" && exclusive === false ? "shared " : "";
  const whole = type !== "slot" && exclusive === true ? "whole " : "";
  const head = `${amount(count)} ${whole}${shared}${noun(fields)}`;
  if (children.length === 0) return head;
  const under = listed(children.map(phrase));
  if (type === "slot") return `${head} of ${under}`;
  return leastOf(count) === 1 && !isOpen(count) ? `${head} with ${under}` : `${head}, each ${under}`;
}

function taskLine(task: unknown): string {
  const { command, slot, count } = fieldsAt(task);
  const words =
    typeof command === "string" ? command : itemsOf(command).map(String).map(quoteForShell).join(" ");
  const { per_slot: perSlot, total, per_resource: perResource } = fieldsAt(count);
  const { type, count: each } = fieldsAt(perResource);
  const how =
    total !== undefined
      ? `${textOf(total)} times in all`
      : perResource !== undefined
        ? `${textOf(each)} times on each ${String(type)}`
        : perSlot === 1
          ? "once in each slot"
          : `${textOf(perSlot)} times in each slot`;
  const shown = words.length > 300 ? `${words.slice(0, 299)}…` : words;
  return `Runs ${shown} ${how} (${String(slot)}).`;
}

/**
 * Says in plain words what a jobspec asks for.
 * @throws ParleyError `E_JOBSPEC_INVALID` when it is not valid.
 */
export function explainJobspec(value: unknown): JobspecExplanation {
  const jobspec = requireJobspec(value);
  const resources = itemsOf(jobspec["resources"]);
  const { duration } = fieldsAt(jobspec, "attributes", "system");
  const time = typeof duration === "number" && duration > 0 ? formatDuration(duration) : "no time limit";
  const counts = countResources(resources);
  const totals = Object.entries(counts).filter(([type]) => type !== "slot");
  return {
    summary: `${listed(resources.map(phrase))}, ${time}`,
    lines: [
      `In all: ${listed(totals.map(([type, count]) => `${count} ${names[type] ?? type}${count === 1 ? "" : "s"}`))}.`,
      ...itemsOf(jobspec["tasks"]).map(taskLine),
      ...explainAttributes(fieldsAt(jobspec, "attributes")),
    ],
    counts,
  };
}
