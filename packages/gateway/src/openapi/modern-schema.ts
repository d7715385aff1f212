import { isRecord } from "../record.ts";
import type { Schema } from "./walk.ts";

/**
 * A schema of draft-04 to draft-07 in the words of 2020-12, which is what OpenAPI 3.1 speaks; the values it takes are
 * the same. Looks at one level: whoever walks calls it for each.
 */
export function modernSchema(schema: Schema): Schema {
  return withDependencies(withBounds(withTuple(schema)));
}

/** `items: [...]` and `additionalItems` are `prefixItems` and `items` now. */
function withTuple(schema: Schema): Schema {
  if (!Array.isArray(schema["items"])) return schema;
  const { items, additionalItems, ...rest } = schema;
  return {
    ...rest,
    prefixItems: items,
    ...(additionalItems === undefined ? {} : { items: additionalItems }),
  };
}

/** `exclusiveMinimum: true` of draft-04 made `minimum` exclusive. */
function withBounds(schema: Schema): Schema {
  let found = schema;
  for (const [exclusive, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    const flag = found[exclusive];
    if (typeof flag !== "boolean") continue;
    const { [exclusive]: _flag, [bound]: limit, ...rest } = found;
    found = limit === undefined ? rest : { ...rest, [flag ? exclusive : bound]: limit };
  }
  return found;
}

function withDependencies(schema: Schema): Schema {
  const { dependencies, ...rest } = schema;
  if (!isRecord(dependencies)) return schema;
  const entries = Object.entries(dependencies);
  const required = entries.filter(([, value]) => Array.isArray(value));
  const schemas = entries.filter(([, value]) => !Array.isArray(value));
  return {
    ...rest,
    ...(required.length === 0 ? {} : { dependentRequired: Object.fromEntries(required) }),
    ...(schemas.length === 0 ? {} : { dependentSchemas: Object.fromEntries(schemas) }),
  };
}
