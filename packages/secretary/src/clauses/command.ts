import type { Facts, JobRequirements, Workload } from "@parley/core";
import type { Finding } from "../clause.ts";
import { tokenizeCommand } from "../command.ts";
import { list, plainName } from "../words.ts";
import type { ExpandName } from "./software.ts";

/** The program a request names, when it names one by its command line. */
export function commandProgram(requirements: JobRequirements): string | undefined {
  const { command, binaryDir } = requirements.execution ?? {};
  if (command === undefined || binaryDir !== undefined) return undefined;
  const tokens = tokenizeCommand(command);
  return tokens.ok ? tokens.argv[0] : undefined;
}

/**
 * Whether the program of a run may and can run. An operator's list of programs decides; without one the search path
 * is only a hint, since a job's environment may differ from the login node's.
 */
export function commandFindings(
  requirements: JobRequirements,
  facts: Facts,
  site: { readonly workload: Workload | undefined; readonly expand: ExpandName },
): readonly Finding[] {
  if (requirements.intent !== "run" || requirements.container !== undefined) return [];
  const program = commandProgram(requirements);
  const { workload } = site;
  if (workload?.programs) {
    const names = program === undefined ? softwarePrograms(requirements, site.expand) : [program];
    return names.length === 0 ? [] : [permission(names, workload, workload.programs)];
  }
  return program === undefined || program.includes("/") ? [] : presence(program, facts);
}

/** Names under which the first piece of software could be started. */
function softwarePrograms(requirements: JobRequirements, expand: ExpandName): readonly string[] {
  const name = requirements.software?.[0]?.name;
  return name === undefined ? [] : [name, ...expand(name)];
}

function permission(names: readonly string[], workload: Workload, programs: readonly string[]): Finding {
  const allowed = programs.some((entry) =>
    names.some((name) => entry === name || lastPart(entry) === lastPart(name)),
  );
  return {
    path: "execution.command",
    need: `the program ${names[0]}`,
    have: allowed ? "the operator allows it" : `the operator allows only ${list(programs, 5)}`,
    outcome: allowed ? "met" : "restricted",
    evidence: [workload.evidence],
  };
}

function presence(program: string, facts: Facts): readonly Finding[] {
  const path = facts.software.find(
    ({ source, status, asked }) => source === "path" && status === "present" && asked.includes(program),
  );
  if (path === undefined) return [];
  const base = { path: "execution.command", need: `the program ${program}`, evidence: [path.evidence] };
  if (path.found.some(({ name }) => plainName(name) === plainName(program))) {
    return [{ ...base, have: "on PATH", outcome: "met" }];
  }
  if (path.scope === "compute-node") return [{ ...base, have: "not on PATH", outcome: "unmet" }];
  return [{ ...base, have: "not on PATH of the login node", outcome: "unknown", importance: "preferred" }];
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
