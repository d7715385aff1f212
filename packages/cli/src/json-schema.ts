import type { JsonSchema, Option, OptionTable } from "./option.ts";

/** What {@link fileSchema} says beside the options. */
export interface FileSchemaOptions {
  readonly id?: string | undefined;
  readonly title: string;
  readonly description: string;
  /** Schemas of parts of the file that are no options, by dotted place. */
  readonly records?: Readonly<Record<string, JsonSchema>> | undefined;
}

type Placed = readonly [place: string, schema: JsonSchema];

/** The JSON Schema of a configuration file: what an editor completes and checks a YAML file by. */
export function fileSchema(table: OptionTable, options: FileSchemaOptions): JsonSchema {
  const { id, title, description, records = {} } = options;
  const settings = Object.values(table).flatMap((definition): Placed[] =>
    definition.file === undefined ? [] : [[definition.file, valueSchema(definition)]],
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...(id === undefined ? {} : { $id: id }),
    title,
    description,
    type: ["object", "null"],
    properties: { $schema: { type: "string" }, ...properties([...settings, ...Object.entries(records)]) },
    additionalProperties: false,
  };
}

/** Nests dotted places, in order of appearance. */
function properties(placed: readonly Placed[]): JsonSchema {
  const groups = new Map<string, Placed[]>();
  for (const [place, schema] of placed) {
    const [first = "", ...rest] = place.split(".");
    groups.set(first, [...(groups.get(first) ?? []), [rest.join("."), schema]]);
  }
  const entries = [...groups].map(([key, inner]): [string, JsonSchema] => {
    const [, own] = inner.find(([rest]) => rest === "") ?? [];
    if (own) return [key, own];
    return [key, { type: ["object", "null"], properties: properties(inner), additionalProperties: false }];
  });
  return Object.fromEntries(entries);
}

const variable: JsonSchema = { type: "string", pattern: String.raw`\$\{` };

/** The schema of one option's value: its reader's, else what its default suggests. `${VARIABLE}` fits everywhere. */
function valueSchema(definition: Option<unknown>): JsonSchema {
  const { description, initial } = definition;
  const schema = definition.read.schema ?? guessed(definition);
  const shown = ["string", "number", "boolean"].includes(typeof initial) ? { default: initial } : {};
  const open = Object.keys(schema).length === 0;
  return { description, ...shown, ...(open ? {} : { anyOf: [schema, variable, { type: "null" }] }) };
}

function guessed({ initial, list }: Option<unknown>): JsonSchema {
  const type = typeof initial;
  return list !== true && ["string", "number", "boolean"].includes(type) ? { type } : {};
}
