import { z } from "zod";

type Schema = Readonly<Record<string, unknown>>;

/**
 * A query as a tool's arguments: text where a number, a truth, a list or an object is wanted is read as such. What cannot be
 * stays text, which the tool then refuses by name.
 */
export function queryReader(input: z.ZodObject): (query: object) => Readonly<Record<string, unknown>> {
  const { properties } = record(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
  const kinds = record(properties);
  return (query) =>
    Object.fromEntries(
      Object.entries(query).map(([name, value]: [string, unknown]) => [
        name,
        read(Object.hasOwn(kinds, name) ? record(kinds[name]) : {}, value),
      ]),
    );
}

function read(schema: Schema, value: unknown): unknown {
  const { type } = schema;
  if (type === "array") {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.map((each) => read(record(schema["items"]), each));
  }
  if (typeof value !== "string") return value;
  if (type === "boolean") return truths[value] ?? value;
  if ((type === "integer" || type === "number") && /^-?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  return type === "object" ? parsed(value) : value;
}

const truths: Readonly<Record<string, boolean>> = { true: true, "1": true, false: false, "0": false };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function record(value: unknown): Schema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
