import type { JobRequirements, MatchSpan } from "@parley/core";
import type { Io } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import { renderRequest } from "@parley/secretary";
import { clean } from "./clean.ts";

/** What was understood in one line, and what was not in another. */
export function renderUnderstood(requirements: JobRequirements, io: Pick<Io, "colors">): string {
  const { unresolved, budget, objectives: _objectives, ...rest } = requirements;
  const price = budget === undefined ? "" : ` Budget: ${budget.amount} ${budget.unit} per ${budget.per}.`;
  const lines = [`Understood: ${clean(renderRequest({ ...rest, unresolved: [] }), 1000)}${price}`];
  if (unresolved.length > 0) {
    const parts = unresolved.slice(0, 10).map((part) => `"${clean(part, 120)}"`);
    lines.push(io.colors.yellow(`Not understood: ${parts.join(", ")}`));
  }
  return lines.join("\n");
}

/** Every field that was read, with its words. */
export function renderFields(
  { requirements, spans }: { readonly requirements: JobRequirements; readonly spans: readonly MatchSpan[] },
  io: Pick<Io, "colors" | "width">,
): string {
  const rows = fieldsOf(requirements).map(([path, value]) => {
    const from = spans.filter((span) => covers(span.path, path)).map((span) => `"${clean(span.text, 80)}"`);
    return [path, clean(value, 120), from.length === 0 ? "-" : [...new Set(from)].join(", ")];
  });
  const table = renderTable({
    head: ["Field", "Value", "Read from"],
    rows,
    width: io.width,
    colors: io.colors,
  });
  const { unresolved } = requirements;
  if (unresolved.length === 0) return table;
  const parts = unresolved.slice(0, 20).map((part) => `"${clean(part, 120)}"`);
  return `${table}\n${io.colors.yellow(`Not understood: ${parts.join(", ")}`)}`;
}

function covers(span: string, path: string): boolean {
  return span === path || span.startsWith(`${path}.`) || path.startsWith(`${span}.`);
}

function fieldsOf({
  schema: _schema,
  unresolved: _unresolved,
  ...sections
}: JobRequirements): [string, string][] {
  return Object.entries(sections).flatMap(([name, value]) => leaves(name, value));
}

function leaves(path: string, value: unknown): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  if (isRange(value)) return [[path, rangeText(value)]];
  if (Array.isArray(value) && value.every((item) => typeof item !== "object"))
    return [[path, value.join(", ")]];
  if (isSoftware(value)) return [[path, softwareText(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(`${path}.${key}`, inner));
}

function isRange(value: object): value is { min?: number; max?: number } {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key === "min" || key === "max");
}

function rangeText({ min, max }: { min?: number; max?: number }): string {
  if (min === undefined) return `at most ${max}`;
  if (max === undefined) return `at least ${min}`;
  return min === max ? String(min) : `${min} to ${max}`;
}

function isSoftware(value: object): value is { name: string; op?: string; version?: string } {
  return Object.keys(value).every((key) => ["name", "op", "version"].includes(key)) && "name" in value;
}

function softwareText({ name, op, version }: { name: string; op?: string; version?: string }): string {
  return version === undefined ? name : `${name} ${op ?? "~"} ${version}`;
}
