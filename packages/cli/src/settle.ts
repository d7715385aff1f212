import { ParleyError, toParleyError } from "@parley/core/errors";
import { givenByFlag } from "./given-by-flag.ts";
import type { Option, Origin } from "./option.ts";

/** Where in a file a key stands. */
export interface FilePlace {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Whether the value came out of a variable, and so may be one of the environment's secrets. */
  readonly interpolated: boolean;
}

/** A parsed configuration file; without `at`, messages name the file and the key alone. */
export interface FileSource {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Finds a key such as `server.port` or `tools[2].path`, or the nearest thing around it. */
  readonly at?: ((key: string) => FilePlace | undefined) | undefined;
}

export interface OptionSources {
  /** commander's raw values, by camel-cased flag. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file?: FileSource | undefined;
}

/** One option's value and where it came from. */
export interface Settled {
  readonly value: unknown;
  readonly origin: Origin;
  /** `--port`, `MCPSERVER_PORT` or `c.yaml:3`; two where lists were added up, none for a default. */
  readonly from: readonly string[];
  /** Set instead of the value when what was given cannot be used. */
  readonly problem?: ParleyError | undefined;
}

/** Settles one option: flag over variable over file over default; lists of flag and file add up. */
export function settle(definition: Option<unknown>, sources: OptionSources): Settled {
  const file = readFile(definition, sources.file);
  const given = givenByFlag(definition, sources.flags);
  if (given !== undefined) {
    const value = readFrom(definition, given.raw, given.flag);
    const settled: Settled = { ...value, origin: "flag", from: [given.flag] };
    return definition.list === true && file !== undefined ? added(file, settled) : settled;
  }
  const unset = new Set(["", ...(definition.unset ?? [])]);
  const variable = definition.env?.find((name) => !unset.has(sources.env[name] ?? ""));
  if (variable !== undefined) {
    const value = readFrom(definition, sources.env[variable], variable);
    return { ...value, origin: "environment", from: [variable] };
  }
  return file ?? { value: definition.initial, origin: "default", from: [] };
}

type Read = Pick<Settled, "value" | "problem">;

function readFrom(definition: Option<unknown>, raw: unknown, where: string): Read {
  if (definition.unavailable !== undefined) {
    const problem = new ParleyError("E_CONFIG_UNKNOWN", `${where}: ${definition.unavailable}`);
    return { value: undefined, problem };
  }
  try {
    return { value: definition.read(raw, where) };
  } catch (thrown) {
    const problem = discreet(toParleyError(thrown, "E_CONFIG_INVALID"), where, definition.secret === true);
    return { value: undefined, problem };
  }
}

function readFile(definition: Option<unknown>, file: FileSource | undefined): Settled | undefined {
  const { file: key } = definition;
  const raw = file === undefined || key === undefined ? undefined : lookUp(file.values, key);
  if (file === undefined || key === undefined || raw === undefined) return undefined;
  const { value, problem } = readFrom(definition, raw, key);
  const line = file.at?.(key)?.line;
  const from = [line === undefined ? file.path : `${file.path}:${line}`];
  if (problem === undefined) return { value, origin: "file", from };
  const at = text(problem.details["where"] ?? key);
  const interpolated = file.at?.(key)?.interpolated === true;
  const hushed = discreet(problem, key, interpolated);
  return { value, origin: "file", from, problem: inFile(file, at, hushed) };
}

/** Puts file, line and column of a key before a message about it. */
export function inFile(file: FileSource, key: string, error: ParleyError): ParleyError {
  const place = file.at?.(key);
  const prefix = place === undefined ? file.path : `${file.path}:${place.line}:${place.column}`;
  return new ParleyError(error.code, `${prefix}: ${error.message}`, { cause: error.cause });
}

/** The same error without the value, where the value is not to be shown. */
function discreet(error: ParleyError, where: string, hide: boolean): ParleyError {
  if (!hide) return error;
  const { where: at = where, wanted } = error.details;
  const what = wanted === undefined ? "cannot be used" : `is not ${text(wanted)}`;
  return new ParleyError(error.code, `${text(at)}: the value ${what}.`, { details: { where: at } });
}

function text(detail: unknown): string {
  return typeof detail === "string" ? detail : "";
}

/** Adds what the flags list to what the file does. */
function added(file: Settled, flag: Settled): Settled {
  const value =
    Array.isArray(file.value) && Array.isArray(flag.value)
      ? [...file.value, ...flag.value]
      : { ...Object(file.value), ...Object(flag.value) };
  return { value, origin: "flag", from: [...file.from, ...flag.from], problem: flag.problem ?? file.problem };
}

function lookUp(values: Readonly<Record<string, unknown>>, path: string): unknown {
  let current: unknown = values;
  for (const part of path.split(".")) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, part)) return undefined;
    current = Reflect.get(current, part);
  }
  return current ?? undefined;
}
