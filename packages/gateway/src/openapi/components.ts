import { shortHash } from "@parley/core";
import { modernSchema } from "./modern-schema.ts";
import { isRecord } from "../record.ts";
import { createTargets, escapePointer } from "./references.ts";
import { mapInner } from "./walk.ts";
import type { Schema } from "./walk.ts";

/** The schemas of a document under `#/components/schemas`. */
export interface Components {
  readonly schemas: Readonly<Record<string, unknown>>;
  /**
   * Takes in a schema whole: it and its `$defs` or `definitions` become components, references inside lead there, and
   * nothing else about it changes.
   * @returns a reference to it
   */
  add(name: string, schema: Schema): { readonly $ref: string };
}

const base = "#/components/schemas/";

export function createComponents(): Components {
  const schemas = new Map<string, unknown>();
  const take = (wanted: string): string => {
    const plain = wanted.replaceAll(/[^A-Za-z0-9._-]/g, "_");
    const name = plain === wanted && !schemas.has(plain) ? plain : `${plain}_${shortHash(wanted)}`;
    const free = schemas.has(name) ? `${name}_${schemas.size}` : name;
    schemas.set(free, {});
    return free;
  };
  return {
    get schemas() {
      return Object.fromEntries(schemas);
    },
    add(wanted, schema) {
      const name = take(wanted);
      const defined = definitionsOf(schema).map(([place, key, inner]) => ({
        pointer: `/${place}/${escapePointer(key)}`,
        name: take(`${name}.${key}`),
        inner,
      }));
      const homes = new Map(defined.map(({ pointer, name: home }) => [pointer, home]));
      const rewrite = createRewriting(schema, name, homes);
      const { $defs: _defs, definitions: _definitions, $schema: _dialect, $id: _id, ...rest } = schema;
      for (const { name: home, inner } of defined) {
        schemas.set(home, isRecord(inner) ? rewrite(inner) : inner);
      }
      schemas.set(name, rewrite(rest));
      return { $ref: `${base}${name}` };
    },
  };
}

function definitionsOf(schema: Schema): readonly (readonly [string, string, unknown])[] {
  return (["$defs", "definitions"] as const).flatMap((place) => {
    const found = schema[place];
    return isRecord(found) ? Object.entries(found).map(([key, inner]) => [place, key, inner] as const) : [];
  });
}

/**
 * References that lead into the schema itself lead to its component. One that leads nowhere, to another document or to
 * itself alone would make generators of clients refuse the whole document: it takes anything, and a comment says so.
 */
function createRewriting(
  schema: Schema,
  name: string,
  homes: ReadonlyMap<string, string>,
): (schema: Schema) => Schema {
  const find = createTargets(schema);
  const target = (pointer: string): string => {
    const [, place, key] = /^(\/[^/]+\/[^/]+)(\/.*)?$/.exec(pointer) ?? [];
    const home = place === undefined ? undefined : homes.get(place);
    return encodeURI(home === undefined ? `${base}${name}${pointer}` : `${base}${home}${key ?? ""}`);
  };
  const rewrite = (inner: Schema): Schema =>
    Object.fromEntries(
      Object.entries(modernSchema(inner)).map(([keyword, value]) => {
        if (keyword === "$ref" && typeof value === "string") {
          const pointer = find(value);
          return pointer === undefined
            ? ["$comment", `"$ref": ${JSON.stringify(value)} leads to nothing in this document`]
            : [keyword, target(pointer)];
        }
        // A schema with an address of its own is the base of the references inside it.
        return [
          keyword,
          mapInner(keyword, value, (more) => (typeof more["$id"] === "string" ? more : rewrite(more))),
        ];
      }),
    );
  return rewrite;
}
