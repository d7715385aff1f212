import type { JsonSchema } from "./definitions.ts";
import { isRecord } from "./tool-result.ts";

/**
 * Another server's schema of arguments, untouched but for what makes strict clients refuse a whole list and means
 * nothing: arguments are an object whether or not a server says so, `true` and `false` as schemas of properties are
 * written as objects that take the same, and a `required` that is no list of names goes.
 */
export function readInputSchema(schema: unknown): unknown {
  if (schema === undefined || schema === null || schema === true) return { type: "object" };
  if (!isRecord(schema)) return schema;
  const { type } = schema;
  const isOpen = type === undefined || (Array.isArray(type) && type.includes("object"));
  return tidied(isOpen ? { ...schema, type: "object" } : schema);
}

/** The same of a schema of results, which need not be objects. */
export function readOutputSchema(schema: unknown): unknown {
  return isRecord(schema) && schema["type"] === "object" ? tidied(schema) : schema;
}

function tidied(schema: JsonSchema): JsonSchema {
  const { properties, required, ...rest } = schema;
  const hasBoolean =
    isRecord(properties) && Object.values(properties).some((one) => typeof one === "boolean");
  const isList = Array.isArray(required) && required.every((name) => typeof name === "string");
  if (!hasBoolean && (required === undefined || isList)) return schema;
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties: hasBoolean ? written(properties) : properties }),
    ...(isList ? { required } : {}),
  };
}

function written(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(properties).map(([name, one]) => {
    if (typeof one !== "boolean") return [name, one] as const;
    return [name, one ? {} : { not: {} }] as const;
  });
  return Object.fromEntries(entries);
}
