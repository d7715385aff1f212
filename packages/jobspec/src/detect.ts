import { cleanText } from "./_limits.ts";
import type { Dialect } from "./dialect.ts";
import { fluxSentinel } from "./flux/split.ts";

const sentinels: readonly (readonly [RegExp, Dialect])[] = [
  [/^#SBATCH\s/, "slurm"],
  [/^#MSUB\s/, "moab"],
  [/^#PBS\s/, "pbs"],
  [/^#BSUB\s/, "lsf"],
  [/^#OAR\s/, "oar"],
  [/^#COBALT\s/, "cobalt"],
];

/** What only Torque's qsub takes. */
const torque = /^#PBS\s.*(?:-l\s*\S*\b(?:nodes|procs)=|-t\s*\d|-d\s|-n(?:\s|$))/m;
const pbsPro = /^#PBS\s.*(?:select=|-J\s*\d)/m;

function sentinelOf(line: string): Dialect | undefined {
  const found = sentinels.find(([pattern]) => pattern.test(line))?.[1];
  return found ?? (fluxSentinel.test(line) ? "flux" : undefined);
}

/** A document that is no script: its keys stand at the beginning of lines, or are those of JSON. */
function documentOf(text: string): Dialect | undefined {
  const has = (key: string): boolean => new RegExp(`(?:^|[{,\\s])["']?${key}["']?\\s*:`, "m").test(text);
  if (/(?:^|[{,\s])["']?kind["']?\s*:\s*["']?Job\b/m.test(text) && has("apiVersion")) return "kubernetes";
  return has("resources") && has("tasks") ? "flux-jobspec" : undefined;
}

/**
 * Tells which dialect a job is written in: a document by its keys, a script by its first directive.
 * @returns `undefined` when neither is found.
 */
export function detectDialect(text: string): Dialect | undefined {
  const clean = cleanText(text);
  const script = clean.startsWith("#!");
  const document = script ? undefined : documentOf(clean);
  if (document !== undefined) return document;
  const lines = clean.split("\n");
  const first = lines.flatMap((line) => sentinelOf(line) ?? [])[0];
  if (first === undefined) return undefined;
  // Moab reads #PBS lines too, and a script for it may begin with one.
  if (first === "pbs" && lines.some((line) => /^#MSUB\s/.test(line))) return "moab";
  return first === "pbs" && torque.test(clean) && !pbsPro.test(clean) ? "torque" : first;
}
