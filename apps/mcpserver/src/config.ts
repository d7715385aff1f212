import { fileKeyProblems, fileSchema, inFile, nearest, settleOptions, withDefaults } from "@parley/cli";
import type { FileSource, JsonSchema, OptionTable, OptionValues, Settled } from "@parley/cli";
import type { ConfigFile } from "@parley/cli/config-file";
import { ParleyError, Policy, Prices, toParleyError } from "@parley/core";
import { z } from "zod";
import { startOptions } from "./options.ts";

/** Where the settings of a `start` are taken from. */
export interface SettingsSources {
  /** As commander gives them. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Defaults of a program that reuses the options, in place of ours. */
  readonly defaults?: Defaults | undefined;
  /** Options of a program that has some beside ours. */
  readonly own?: OwnOptions | undefined;
}

type Defaults = Partial<OptionValues<typeof startOptions>>;

/** A program's own options, and the defaults of ours that follow from their values. */
export interface OwnOptions {
  readonly options: OptionTable;
  readonly implied?: ((values: Readonly<Record<string, unknown>>) => Defaults) | undefined;
}

/** Parts of the file that are records rather than options. */
const fileRecords = { "worker.prices": Prices.strict(), "worker.policy": Policy.strict() } as const;

/** Every option as it was given, and everything that is wrong with it. */
export interface Inspection {
  readonly table: typeof startOptions;
  readonly settled: { readonly [Key in keyof typeof startOptions]: Settled };
  /** The program's own options, empty for those of ours. */
  readonly own: { readonly table: OptionTable; readonly settled: Readonly<Record<string, Settled>> };
  readonly file?: ConfigFile | undefined;
  readonly problems: readonly ParleyError[];
}

/** Gathers what flags, variables and the file say, and throws nothing: problems are listed, those of the file first. */
export async function inspectSettings(sources: SettingsSources): Promise<Inspection> {
  const preset = withDefaults(startOptions, sources.defaults ?? {});
  const { config } = settleOptions({ config: preset.config }, sources);
  const opened = typeof config.value === "string" ? await openConfig(config.value, sources.env) : {};
  const { file, problem } = opened;
  const own = ownOptions(sources, file);
  const table = withDefaults(preset, own.implied);
  const settled = settleOptions(table, { ...sources, file });
  const ofOptions = [own.settled, settled].flatMap((all) =>
    Object.values(all).flatMap((one: Settled) => one.problem ?? []),
  );
  const ofFile =
    file === undefined ? [] : [...file.problems, ...keyProblems(file, own.table), ...recordProblems(file)];
  return { table, settled, own, file, problems: [...(problem ? [problem] : []), ...ofFile, ...ofOptions] };
}

/** What the program's own options come to; what follows from them is left out where one of them cannot be used. */
function ownOptions(sources: SettingsSources, file: FileSource | undefined) {
  const { options: table, implied } = sources.own ?? { options: {} };
  const settled: Readonly<Record<string, Settled>> = settleOptions(table, { ...sources, file });
  const whole = Object.values(settled).every(({ problem }) => problem === undefined);
  return { table, settled, implied: (whole ? implied?.(valuesOf(settled)) : undefined) ?? {} };
}

/** The values alone. */
export function valuesOf(settled: Readonly<Record<string, Settled>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(settled).map(([key, { value }]) => [key, value]));
}

async function openConfig(
  path: string,
  env: SettingsSources["env"],
): Promise<{ readonly file?: ConfigFile; readonly problem?: ParleyError }> {
  const { readConfigFile } = await import("@parley/cli/config-file");
  try {
    return { file: await readConfigFile(path, { env }) };
  } catch (error) {
    return { problem: toParleyError(error) };
  }
}

function keyProblems(file: FileSource, own: OptionTable): readonly ParleyError[] {
  const known = Object.values({ ...own, ...startOptions }).flatMap((definition) => definition.file ?? []);
  return fileKeyProblems(file, known, ["$schema", ...Object.keys(fileRecords)]);
}

/** A record of the file; absent when it is not there or, as {@link inspectSettings} lists, does not fit. */
export function recordOf<Name extends keyof typeof fileRecords>(
  file: FileSource | undefined,
  name: Name,
): z.infer<(typeof fileRecords)[Name]> | undefined {
  const parsed = parseRecord(file, name);
  return parsed?.data as z.infer<(typeof fileRecords)[Name]> | undefined; // the compiler sees the union of both schemas
}

function parseRecord(file: FileSource | undefined, name: keyof typeof fileRecords) {
  const [section = "", key = ""] = name.split(".");
  const branch = z.record(z.string(), z.unknown()).safeParse(file?.values[section]);
  const raw = branch.data?.[key] ?? undefined;
  return raw === undefined ? undefined : fileRecords[name].safeParse(raw);
}

function recordProblems(file: FileSource): readonly ParleyError[] {
  const names = Object.keys(fileRecords) as (keyof typeof fileRecords)[]; // its own keys
  return names.flatMap((name) => {
    const issues = parseRecord(file, name)?.error?.issues ?? [];
    return issues.flatMap((issue) => issueProblems(file, name, issue));
  });
}

function issueProblems(
  file: FileSource,
  name: keyof typeof fileRecords,
  issue: z.core.$ZodIssue,
): readonly ParleyError[] {
  const place = issue.path.reduce<string>(
    (path, part) => (typeof part === "number" ? `${path}[${part}]` : `${path}.${String(part)}`),
    name,
  );
  if (issue.code !== "unrecognized_keys") {
    return [inFile(file, place, new ParleyError("E_CONFIG_INVALID", `${place}: ${issue.message}.`))];
  }
  const known = Object.keys(fileRecords[name].shape);
  return issue.keys.map((key) => {
    const close = nearest(key, known);
    const hint = close === undefined ? "" : `; did you mean "${place}.${close}"?`;
    const error = new ParleyError("E_CONFIG_UNKNOWN", `unknown key "${place}.${key}"${hint}`);
    return inFile(file, `${place}.${key}`, error);
  });
}

/** The JSON Schema of the YAML file that `--config` takes. */
export function configSchema(): JsonSchema {
  const records = Object.entries(fileRecords).map(([name, schema]) => {
    const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, { io: "input" });
    return [name, plain] as const;
  });
  return fileSchema(startOptions, {
    title: "Configuration of mcpserver start",
    description:
      "Flags and environment variables outrank this file. ${NAME} and ${NAME:-default} are replaced.",
    records: Object.fromEntries(records),
  });
}
