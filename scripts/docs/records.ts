import { recordJsonSchema, records } from "@parley/core";

/** One JSON Schema file per record that crosses a wire or a disk, by file name. */
export function recordFiles(): readonly (readonly [string, string])[] {
  const names = Object.keys(records) as (keyof typeof records)[];
  return names.map((name) => [
    `${name}.schema.json`,
    `${JSON.stringify({ title: name, ...recordJsonSchema(name) }, null, 2)}\n`,
  ]);
}
