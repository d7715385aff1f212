import type { JobEnvironment } from "../batch-job.ts";
import { quoteForSlurm } from "../script/words.ts";
import type { Pen } from "../writing.ts";

/** A value inside the comma list of `--export`; `undefined` when it cannot be said there. */
function listed(name: string, value: string): string | undefined {
  if (!/[,'"]/.test(value)) return `${name}=${value}`;
  if (!value.includes("'")) return `${name}='${value}'`;
  return value.includes('"') ? undefined : `${name}="${value}"`;
}

/** Writes `--export`: names and values without ALL mean that nothing else is inherited. */
export function writeExport({ inherit, names = [], variables = {} }: JobEnvironment, pen: Pen): string[] {
  const all = inherit !== "none";
  const values = Object.entries(variables).flatMap(([name, value]) => {
    const text = listed(name, value);
    if (text === undefined)
      pen.lose("environment", `--export cannot hold the quotes in the value of ${name}.`);
    return text === undefined ? [] : [text];
  });
  if (inherit === undefined) pen.approximate("environment", "Slurm gives the rest of the environment too.");
  const rest = [...names, ...values];
  const parts = all ? ["ALL", ...rest] : rest;
  return [`--export=${quoteForSlurm(parts.length === 0 ? "NONE" : parts.join(","))}`];
}
