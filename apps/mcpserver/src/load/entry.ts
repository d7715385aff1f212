import { nearest, reader, reads } from "@parley/cli";
import type { JsonSchema, Reader } from "@parley/cli";
import { ParleyError } from "@parley/core/errors";

/** One thing to load, as a flag or the file names it. */
export interface LoadEntry {
  /** `./file.ts#name`, `@scope/package#name`, `package.module.name`, each optionally as `new=...`. */
  readonly spec: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Given to a factory. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Whether the file names it: relative paths then start from the file's folder. */
  readonly inFile: boolean;
  /** `--tool` or `tools[2]`, for messages. */
  readonly where: string;
  /** The entry as it would be written in the file. */
  readonly toJSON?: (() => unknown) | undefined;
}

type Mapping = Readonly<Record<string, unknown>>;

type Key = "name" | "description" | "tags" | "options";

const schemas: Readonly<Record<Key | "path", JsonSchema>> = {
  path: { type: "string" },
  name: { type: "string" },
  description: { type: "string" },
  tags: { type: "array", items: { type: "string" } },
  options: { type: "object" },
};

/** What a program that reuses the options may give as a default is a specification alone. */
export function entryOf(given: LoadEntry | string): LoadEntry {
  return typeof given === "string" ? { spec: given, inFile: false, where: "the program's defaults:" } : given;
}

/** Reads a list of entries; a mapping may hold these keys beside `path`. */
export function entriesOf(...keys: readonly Key[]): Reader<readonly (LoadEntry | string)[]> {
  const known = ["path", ...keys] as const;
  const properties = Object.fromEntries(known.map((key) => [key, schemas[key]]));
  const mapping = { type: "object", properties, required: ["path"], additionalProperties: false };
  return reader({ type: "array", items: { anyOf: [{ type: "string" }, mapping] } }, (raw, where) => {
    const inFile = !where.startsWith("-");
    const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
    return list.map((one, index): LoadEntry => {
      const place = inFile ? `${where}[${index}]` : where;
      const found = { inFile, where: place, toJSON: () => one };
      if (!isMapping(one)) return { ...found, spec: reads.text(one, place) };
      checkKeys(one, known, place);
      return { ...found, ...readMapping(one, place) };
    });
  });
}

function readMapping(mapping: Mapping, place: string): Omit<LoadEntry, "inFile" | "where"> {
  const { name, description, tags, options } = mapping;
  if (options !== undefined && !isMapping(options)) {
    const where = `${place}.options`;
    throw new ParleyError("E_CONFIG_INVALID", `${where}: write a mapping of options.`, {
      details: { where },
    });
  }
  return {
    spec: reads.text(mapping["path"], `${place}.path`),
    ...(name === undefined ? {} : { name: reads.text(name, `${place}.name`) }),
    ...(description === undefined ? {} : { description: reads.text(description, `${place}.description`) }),
    ...(tags === undefined ? {} : { tags: reads.list(tags, `${place}.tags`) }),
    ...(options === undefined ? {} : { options }),
  };
}

function checkKeys(mapping: Mapping, known: readonly string[], place: string): void {
  for (const key of Object.keys(mapping)) {
    if (known.includes(key)) continue;
    const close = nearest(key, known);
    const hint = close === undefined ? `; there are ${known.join(", ")}` : `; did you mean "${close}"?`;
    const where = `${place}.${key}`;
    throw new ParleyError("E_CONFIG_UNKNOWN", `unknown key "${where}"${hint}`, { details: { where } });
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
