import { formatDuration } from "@parley/core";
import { fieldsAt, isFields, itemsOf } from "./json.ts";
import type { Fields } from "./json.ts";

const text = (value: unknown): string => {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return shown.length > 200 ? `${shown.slice(0, 199)}…` : shown;
};

/** A constraint of RFC 31 in words. */
function constraint(value: unknown, depth = 0): string {
  const [operator = "", operands] = Object.entries(fieldsAt(value))[0] ?? [];
  const items = itemsOf(operands);
  if (depth > 16) return "…";
  const inner = items.map((each) => constraint(each, depth + 1));
  if (operator === "and") return inner.join(" and ");
  if (operator === "or") return `(${inner.join(" or ")})`;
  if (operator === "not") return `not ${inner.join(" and not ")}`;
  if (operator === "properties") return `the properties ${items.map(text).join(" and ")}`;
  return `${operator} ${items.map(text).join(", ")}`;
}

function environmentLine(environment: Fields): string {
  const names = Object.keys(environment);
  // Values stay out: they may hold secrets.
  return names.length === 0
    ? "Its environment is empty."
    : `Its environment has ${names.length} variable${names.length === 1 ? "" : "s"}: ${text(names.join(", "))}.`;
}

function ioLines(system: Fields): string[] {
  return (["output", "input"] as const).flatMap((side) =>
    Object.entries(fieldsAt(system, "shell", "options", side)).flatMap(([stream, options]) => {
      const { path } = fieldsAt(options);
      return path === undefined
        ? []
        : [`${side === "output" ? "Writes" : "Reads"} ${stream}: ${text(path)}.`];
    }),
  );
}

/** One sentence for each attribute that matters to who reads the job. */
export function explainAttributes(attributes: Fields): string[] {
  const system = fieldsAt(attributes, "system");
  const { duration, queue, bank, project, cwd, environment, dependencies, constraints } = system;
  const { name } = fieldsAt(system, "job");
  const files = Object.keys(fieldsAt(system, "files"));
  const user = Object.keys(fieldsAt(attributes, "user"));
  return [
    ...(name === undefined ? [] : [`Its name is ${text(name)}.`]),
    ...(typeof duration === "number" && duration > 0 ? [`It may run ${formatDuration(duration)}.`] : []),
    ...(queue === undefined ? [] : [`It goes to the queue ${text(queue)}.`]),
    ...(bank === undefined ? [] : [`The bank ${text(bank)} pays.`]),
    ...(project === undefined ? [] : [`It belongs to the project ${text(project)}.`]),
    ...(cwd === undefined ? [] : [`It runs in ${text(cwd)}.`]),
    ...itemsOf(dependencies).map((each) => {
      const { scheme, value } = fieldsAt(each);
      return `It waits: ${text(scheme)} ${text(value)}.`;
    }),
    ...(isFields(constraints) && Object.keys(constraints).length > 0
      ? [`Nodes must have ${constraint(constraints)}.`]
      : []),
    ...(isFields(environment) ? [environmentLine(environment)] : []),
    ...ioLines(system),
    ...(files.length === 0
      ? []
      : [`It carries the file${files.length === 1 ? "" : "s"} ${text(files.join(", "))}.`]),
    ...(user.length === 0 ? [] : [`It has attributes of the user's own: ${text(user.join(", "))}.`]),
  ];
}
