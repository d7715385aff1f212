import type { Command } from "commander";
import { Option as CommanderOption } from "commander";
import { ParleyError } from "@parley/core/errors";
import { nearest } from "./nearest.ts";
import type { Option, OptionTable, OptionValues, Origin } from "./option.ts";

/** Puts a table's flags on a command. Values are left raw; {@link resolveOptions} reads them. */
export function addOptions(command: Command, table: OptionTable): Command {
  for (const definition of Object.values(table)) {
    const flag = new CommanderOption(definition.flags, describe(definition));
    if (definition.group !== undefined) flag.helpGroup(`${definition.group}:`);
    if (definition.hidden === true) flag.hideHelp();
    if (definition.list === true) {
      flag.argParser((value: string, before: unknown) => [...(Array.isArray(before) ? before : []), value]);
    }
    command.addOption(flag);
  }
  return command;
}

export interface OptionSources {
  /** commander's raw values, by camel-cased flag. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The parsed configuration file. */
  readonly file?: { readonly path: string; readonly values: Readonly<Record<string, unknown>> } | undefined;
}

export interface Resolved<Table extends OptionTable> {
  readonly values: OptionValues<Table>;
  readonly origins: { readonly [Key in keyof Table]: Origin };
}

/**
 * Settles every option: flag over variable over file over default; lists of flag and file add up.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` naming the flag, variable or key
 */
export function resolveOptions<Table extends OptionTable>(
  table: Table,
  sources: OptionSources,
): Resolved<Table> {
  const entries = Object.entries(table).map(
    ([key, definition]) => [key, settle(definition, sources)] as const,
  );
  return {
    values: Object.fromEntries(entries.map(([key, { value }]) => [key, value])) as OptionValues<Table>,
    origins: Object.fromEntries(
      entries.map(([key, { origin }]) => [key, origin]),
    ) as Resolved<Table>["origins"],
  };
}

/** Refuses keys of a configuration file that no option has, naming the nearest one. `known` are dotted places. */
export function checkFileKeys(
  file: NonNullable<OptionSources["file"]>,
  known: readonly string[],
  free: readonly string[] = [],
): void {
  const walk = (value: unknown, path: string): void => {
    if (free.includes(path) || known.includes(path)) return;
    const isBranch = path === "" || [...known, ...free].some((name) => name.startsWith(`${path}.`));
    if (isBranch) {
      const inner = value ?? {};
      if (typeof inner !== "object" || Array.isArray(inner)) {
        throw new ParleyError("E_CONFIG_INVALID", `${file.path}: "${path}" must be a mapping of settings.`);
      }
      for (const [key, below] of Object.entries(inner)) walk(below, path === "" ? key : `${path}.${key}`);
      return;
    }
    const close = nearest(path, [...known, ...free]);
    const hint = close === undefined ? "" : `; did you mean "${close}"?`;
    throw new ParleyError("E_CONFIG_UNKNOWN", `${file.path}: unknown key "${path}"${hint}`);
  };
  walk(file.values, "");
}

function settle(definition: Option<unknown>, sources: OptionSources): { value: unknown; origin: Origin } {
  const { file } = sources;
  const fromFile =
    file === undefined || definition.file === undefined ? undefined : lookUp(file.values, definition.file);
  const fileWhere = `${file?.path}: ${definition.file}`;
  const raw = givenByFlag(definition, sources.flags);
  if (raw !== undefined) {
    const value = definition.read(raw, longFlag(definition));
    const adds = definition.list === true && fromFile !== undefined;
    return { value: adds ? merged(value, definition.read(fromFile, fileWhere)) : value, origin: "flag" };
  }
  const variable = definition.env?.find((name) => (sources.env[name] ?? "") !== "");
  if (variable !== undefined)
    return { value: definition.read(sources.env[variable], variable), origin: "environment" };
  if (fromFile !== undefined) return { value: definition.read(fromFile, fileWhere), origin: "file" };
  return { value: definition.initial, origin: "default" };
}

/** Adds what the file lists to what the flag did. */
function merged(value: unknown, base: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(value)) return [...base, ...value];
  return { ...Object(base), ...Object(value) };
}

function lookUp(values: Readonly<Record<string, unknown>>, path: string): unknown {
  let current: unknown = values;
  for (const part of path.split(".")) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, part)) return undefined;
    current = Reflect.get(current, part);
  }
  return current ?? undefined;
}

function longFlag(definition: Option<unknown>): string {
  return /--[a-z][a-z-]*/.exec(definition.flags)?.[0] ?? definition.flags;
}

function flagKey(definition: Option<unknown>): string {
  return longFlag(definition)
    .slice(2)
    .replace(/-([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
}

/** commander keeps `--no-logs` as `logs: false`; the option itself is then `true`. */
function givenByFlag(definition: Option<unknown>, flags: OptionSources["flags"]): unknown {
  const key = flagKey(definition);
  if (!longFlag(definition).startsWith("--no-")) return flags[key];
  return flags[key.charAt(2).toLowerCase() + key.slice(3)] === false ? true : undefined;
}

function describe(definition: Option<unknown>): string {
  const notes: string[] = [];
  const initial =
    definition.initialText ?? (definition.initial === undefined ? undefined : shown(definition.initial));
  if (initial !== undefined && initial !== "") notes.push(`default ${initial}`);
  if (definition.env?.[0] !== undefined) notes.push(definition.env[0]);
  return notes.length === 0 ? definition.description : `${definition.description} (${notes.join(", ")})`;
}

function shown(initial: unknown): string {
  return typeof initial === "string" || typeof initial === "number" ? String(initial) : "";
}
