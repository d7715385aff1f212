import { toParleyError } from "@parley/core";
import type { ParleyError } from "@parley/core";
import { ExitWith } from "@parley/cli";
import type { Io } from "@parley/cli";
import { configSchema, inspectSettings } from "../config.ts";
import { readSettings } from "../settings.ts";

/** Prints the JSON Schema of the YAML file. */
export function printSchema(io: Io): void {
  io.out(JSON.stringify(configSchema(), undefined, 2));
}

/** Says everything that is wrong with a file and with what it would start here, and starts nothing. */
export async function checkConfig(path: string, flags: { readonly json?: boolean }, io: Io): Promise<void> {
  const sources = { flags: { config: path }, env: io.env };
  const inspection = await inspectSettings(sources);
  const problems = inspection.problems.length > 0 ? inspection.problems : await refusals(sources);
  if (flags.json === true) {
    io.out(
      JSON.stringify({ file: path, problems: problems.map((problem) => problem.toJSON()) }, undefined, 2),
    );
  } else {
    for (const { message } of problems) io.err(`${io.colors.red("error:")} ${message}`);
    if (problems.length === 0) io.out(`${path}: nothing is wrong.`);
  }
  if (problems.length > 0) throw new ExitWith(2);
}

async function refusals(sources: Parameters<typeof readSettings>[0]): Promise<readonly ParleyError[]> {
  try {
    await readSettings(sources);
    return [];
  } catch (error) {
    return [toParleyError(error)];
  }
}
