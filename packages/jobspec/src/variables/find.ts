import type { Dialect } from "../dialect.ts";
import { lossAt } from "../draft.ts";
import type { Loss } from "../loss.ts";
import { counterpartOf } from "./table.ts";

interface Seen {
  readonly name: string;
  readonly line: number;
  readonly text: string;
}

const variable = /\$\{?((?:SLURM|SBATCH|PBS|LSB|LSF|LS|OAR|COBALT|MOAB|FLUX)_\w+|JOB_COMPLETION_INDEX)\b/g;
const command =
  /(?:^|[;&|(`]|\b(?:exec|time|then|do|else)\s)\s*(srun|sbatch|salloc|sbcast|scancel|squeue|sacct|scontrol|qsub|qstat|qdel|qalter|pbsdsh|bsub|bjobs|bkill|jsrun|blaunch|oarsub|oarstat|oardel|oarsh|aprun|runjob|msub|checkjob|showq|flux|kubectl)(?=\s|$)/g;

/** Which schedulers a command belongs to. */
const families: readonly (readonly [RegExp, readonly Dialect[]])[] = [
  [/^s/, ["slurm"]],
  [/^(?:q|pbs)/, ["pbs", "torque", "moab", "cobalt"]],
  [/^(?:b|jsrun)/, ["lsf"]],
  [/^oar/, ["oar"]],
  [/^(?:aprun|runjob)/, ["cobalt", "pbs", "torque", "moab"]],
  [/^(?:msub|checkjob|showq)/, ["moab"]],
  [/^flux/, ["flux", "flux-jobspec"]],
  [/^kubectl/, ["kubernetes"]],
];

/** What starts the tasks of a job on its nodes. */
const launchers: Readonly<Record<Dialect, string>> = {
  flux: "flux run",
  "flux-jobspec": "flux run",
  slurm: "srun",
  pbs: "mpiexec",
  torque: "mpiexec",
  lsf: "mpirun, or jsrun where there is one",
  oar: "mpirun with the node file",
  cobalt: "aprun or mpirun",
  moab: "mpiexec",
  kubernetes: "mpirun inside the container",
};

function seenOf(source: string, pattern: RegExp): Seen[] {
  const found = new Map<string, Seen>();
  for (const [index, text] of source.split("\n").entries()) {
    if (/^\s*#/.test(text)) continue;
    for (const match of text.matchAll(pattern)) {
      const name = match[1] ?? "";
      if (!found.has(name)) found.set(name, { name, line: index + 1, text: text.trim() });
    }
  }
  return Array.from(found.values()).slice(0, 100);
}

/** Where a script counts on its scheduler. */
export interface Dependence {
  readonly from: Dialect;
  readonly to: Dialect;
  /** Whether variables with a counterpart were renamed. */
  readonly translated: boolean;
}

function variableLosses(source: string, { from, to, translated }: Dependence): Loss[] {
  return seenOf(source, variable).flatMap(({ name, line }) => {
    const other = counterpartOf(name, from, to);
    if (other === name) return [];
    const renamed = translated ? `Renamed to ${other}.` : `${other} tells the same there.`;
    const note = other === undefined ? "Nothing there tells the same: find out in the script." : renamed;
    return [
      lossAt(
        { directive: name, line, value: `$${name}` },
        {
          why: "scheduler variable in body",
          where: "body",
          note,
          field: "script",
        },
      ),
    ];
  });
}

function commandLosses(source: string, { to }: Dependence): Loss[] {
  return seenOf(source, command).flatMap(({ name, line, text }) => {
    const known = families.find(([pattern]) => pattern.test(name))?.[1] ?? [];
    if (known.includes(to)) return [];
    const launches = /^(?:srun|jsrun|blaunch|aprun|runjob|pbsdsh|oarsh|flux)$/.test(name);
    const note = launches
      ? `It may not be there: ${launchers[to]} starts the tasks.`
      : "A command of another scheduler: it may not be there.";
    return [
      lossAt(
        { directive: name, line, value: text },
        {
          why: "scheduler command in body",
          where: "body",
          note,
          field: "script",
        },
      ),
    ];
  });
}

/** Reports what in the body of a script will not hold under another scheduler. */
export function findDependence(source: string, dependence: Dependence): Loss[] {
  if (dependence.from === dependence.to) return [];
  return [...variableLosses(source, dependence), ...commandLosses(source, dependence)];
}

/** Renames variables that have an exact counterpart. */
export const renameVariables = (script: string, { from, to }: Pick<Dependence, "from" | "to">): string =>
  script.replaceAll(variable, (match, name: string) => {
    const other = counterpartOf(name, from, to);
    return other === undefined ? match : match.replace(name, other);
  });
