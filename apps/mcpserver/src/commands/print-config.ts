import type { Io, ShownSetting } from "@parley/cli";
import { showSettings } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import { toParleyError } from "@parley/core";
import { inspectSettings } from "../config.ts";
import type { Inspection, SettingsSources } from "../config.ts";
import { readSettings } from "../settings.ts";

/** Prints what `mcpserver start` would run with, also when it would refuse to: then with what is wrong. */
export async function printConfig(sources: SettingsSources, io: Io): Promise<void> {
  const inspection = await inspectSettings(sources);
  const { effective, refusal } = await outcome(sources, inspection);
  const rows = [
    ...showSettings(inspection.own.table, inspection.own.settled),
    ...showSettings(inspection.table, inspection.settled, effective),
  ];
  const problems = [...new Set([...inspection.problems, ...refusal].map(({ message }) => message))];
  if (sources.flags["json"] === true) {
    const settings = Object.fromEntries(rows.map(({ setting, ...rest }) => [setting, rest]));
    io.out(JSON.stringify({ settings, problems }, undefined, 2));
    return;
  }
  const cells = rows.map((row) => [row.setting, shown(row), row.from.join(", ") || row.origin]);
  io.out(
    renderTable({ head: ["setting", "value", "from"], rows: cells, width: io.width, colors: io.colors }),
  );
  for (const problem of problems) io.out(`${io.colors.red("problem:")} ${problem}`);
}

/** The values that are computed where none was given, or why there are none. */
async function outcome(sources: SettingsSources, { problems }: Inspection) {
  if (problems.length > 0) return { effective: {}, refusal: [] };
  try {
    const settings = await readSettings(sources);
    const { bindPort: port, bindHost: host, stateDirectory: stateDir, siteId: workerId } = settings;
    return { effective: { port, host, stateDir, workerId }, refusal: [] };
  } catch (error) {
    return { effective: {}, refusal: [toParleyError(error)] };
  }
}

function shown({ value, problem }: ShownSetting): string {
  if (problem !== undefined) return "(cannot be used)";
  if (value === undefined) return "-";
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.map(text).join("\n");
  if (typeof value !== "object" || value === null) return text(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${key}=${text(inner)}`);
  return pairs.length === 0 ? "-" : pairs.join("\n");
}

// Control characters of a file must not reach the terminal.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u001F\u007F-\u009F]/g;

function text(value: unknown): string {
  const plain = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return plain.replaceAll(controls, "\uFFFD");
}
