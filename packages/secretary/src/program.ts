import { ParleyError } from "@parley/core";
import type { JobRequirements, JobSpec, SoftwareLoad, SoftwareRequirement } from "@parley/core";
import { tokenizeCommand } from "./command.ts";
import { findInstalled } from "./installed.ts";
import type { Installed, InstalledContext } from "./installed.ts";
import { clip, list, plainName } from "./words.ts";

/** A command and what has to be loaded before it. */
export interface Program {
  /** Empty when a container image brings the command along. */
  readonly command: readonly string[];
  readonly load: JobSpec["load"];
  /** Software the request names that its own command has to do without, as `name through source`. */
  readonly notLoaded: readonly string[];
}

interface Where extends InstalledContext {
  readonly requirements: JobRequirements;
}

/** A piece of software of the request, and how this site has it. */
interface Resolved {
  readonly software: SoftwareRequirement;
  readonly installed: Installed | undefined;
}

/**
 * What a request runs: its own command, else the executable of the software it names; and the modules, packages and
 * environments that software is in, where it is not on the search path.
 * @throws {@link ParleyError} `E_DISPATCH_REFUSED` for a shell line, `E_DISPATCH_NO_COMMAND` when nothing says what
 * to run, or when the engine cannot load the software to be run
 */
export function programOf(requirements: JobRequirements, context: InstalledContext): Program {
  const where = { ...context, requirements };
  const resolved = resolve(where);
  const through = resolved.flatMap(({ installed }) => (installed?.load === undefined ? [] : [installed]));
  const missing = context.loadless === undefined ? [] : through.map((item) => inWords(item));
  const load = context.loadless === undefined ? distinct(through) : [];
  const command = requirements.execution?.command;
  if (command !== undefined && command.trim() !== "") {
    return { command: fromCommand(command, requirements), load, notLoaded: missing };
  }
  for (const { software, installed } of resolved) {
    const program = executable(software, installed, where);
    if (program === undefined) continue;
    return { command: [program, ...argumentsFor(software, requirements)], load, notLoaded: missing };
  }
  if (requirements.container?.image !== undefined) return { command: [], load: [], notLoaded: [] };
  throw missing.length > 0 ? cannotLoad(missing, context.loadless ?? "") : noCommand(where);
}

/** An image brings its own software, so that nothing of the site's is looked for. */
function resolve(where: Where): readonly Resolved[] {
  return (where.requirements.software ?? []).map((software) => ({
    software,
    installed:
      where.requirements.container !== undefined || software.importance === "ignore"
        ? undefined
        : findInstalled(software, where),
  }));
}

function distinct(through: readonly Installed[]): SoftwareLoad[] {
  const all = through.flatMap(({ load }) => load ?? []);
  return all.filter(
    (item, index) => all.findIndex(({ via, name }) => via === item.via && name === item.name) === index,
  );
}

const inWords = ({ name, source }: Pick<Installed, "name" | "source">): string => `${name} through ${source}`;

function fromCommand(command: string, requirements: JobRequirements): readonly string[] {
  const tokens = tokenizeCommand(command);
  if (!tokens.ok) {
    throw new ParleyError("E_DISPATCH_REFUSED", `The command cannot be run: ${tokens.reason}.`);
  }
  const [program, ...rest] = tokens.argv;
  if (program === undefined || program === "") {
    throw new ParleyError("E_DISPATCH_NO_COMMAND", "The command is empty: name a program with --command.");
  }
  return [inDirectory(program, requirements.execution?.binaryDir), ...rest];
}

/** An executable that will be there: where the request says, inside the image, on the search path or loaded. */
function executable(
  software: SoftwareRequirement,
  installed: Installed | undefined,
  { requirements, names, loadless }: Where,
): string | undefined {
  const known = names.binaries(software.name) ?? [];
  const directory = requirements.execution?.binaryDir;
  if (directory !== undefined) return inDirectory(known[0] ?? software.name, directory);
  if (requirements.container !== undefined) return known[0];
  return installed?.load !== undefined && loadless !== undefined ? undefined : installed?.program;
}

function inDirectory(program: string, directory: string | undefined): string {
  return directory === undefined || program.includes("/")
    ? program
    : `${directory.replace(/\/+$/, "")}/${program}`;
}

/** Inputs, parameters and flags as the application takes them. */
function argumentsFor(software: SoftwareRequirement, requirements: JobRequirements): readonly string[] {
  const { params = {}, inputs = [], appFlags = [] } = requirements.execution ?? {};
  const pairs = Object.entries(params);
  if (plainName(software.name) === "lammps" || plainName(software.name) === "lmp") {
    const variables = pairs.flatMap(([name, value]) => ["-v", name, String(value)]);
    return [...variables, ...inputs.flatMap((input) => ["-in", input]), ...appFlags];
  }
  if (pairs.length > 0) {
    throw new ParleyError(
      "E_DISPATCH_NO_COMMAND",
      `How ${clip(software.name, 60)} takes ${list(pairs.map(([name]) => name))} is not known: give the whole command with --command.`,
    );
  }
  return [...appFlags, ...inputs];
}

function cannotLoad(missing: readonly string[], manager: string): ParleyError {
  const what =
    manager === "local" ? "this machine's own engine loads no modules" : `${manager} loads nothing`;
  return new ParleyError(
    "E_DISPATCH_NO_COMMAND",
    `The site has ${list(missing)}, and ${what}: name a program on PATH with --command.`,
  );
}

function noCommand({ requirements, facts, names }: Where): ParleyError {
  const software = (requirements.software ?? []).map(({ name }) => name);
  const spellings = software.flatMap((name) => [name, ...names.expand(name)]);
  const wanted = new Set(spellings.map((name) => plainName(name)));
  const libraries = facts.software.flatMap(({ source, found }) =>
    found.filter(({ name }) => wanted.has(plainName(name))).map(({ name }) => inWords({ name, source })),
  );
  const hint =
    software.length === 0
      ? "The request does not say what to run"
      : libraries.length > 0
        ? `The site has ${list(libraries)}, in which there is no program a job could start`
        : `No executable of ${list(software)} was found`;
  return new ParleyError(
    "E_DISPATCH_NO_COMMAND",
    `${hint}: name the program and its arguments with --command.`,
  );
}
