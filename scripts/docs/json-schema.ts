import { code } from "./table.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Rows of a tool's arguments: name, kind, default, meaning. */
export function argumentRows(schema: Schema): readonly (readonly string[])[] {
  const { required } = schema;
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(record(schema["properties"])).map(([name, given]) => {
    const property = record(given);
    const initial = property["default"] === undefined ? "" : code(JSON.stringify(property["default"]));
    const standing = needed.has(name) && initial === "" ? "required" : initial;
    return [code(name), kindOf(property), standing, text(property["description"])];
  });
}

/** Rows of a result's fields: name and kind; one that may be absent has a question mark. */
export function resultRows(schema: Schema): readonly (readonly string[])[] {
  const { required } = schema;
  const sure = new Set(Array.isArray(required) ? required : []);
  return Object.entries(record(schema["properties"])).map(([name, given]) => {
    const property = record(given);
    const said = text(property["description"]);
    return [code(sure.has(name) ? name : `${name}?`), kindOf(property) + (said === "" ? "" : `: ${said}`)];
  });
}

/** A schema in a few words. */
function kindOf(schema: Schema, depth = 0): string {
  const { enum: choices, const: only, anyOf, type } = schema;
  if (Array.isArray(choices)) return choices.map((choice) => code(String(choice))).join(", ");
  if (only !== undefined) return code(JSON.stringify(only));
  if (Array.isArray(anyOf)) return anyOf.map((each) => kindOf(record(each), depth)).join(" or ");
  if (type === "array") return `list of ${kindOf(record(schema["items"]), depth + 1)}`;
  if (type === "object") return objectKind(schema, depth);
  const kind = typeof type === "string" ? type : Array.isArray(type) ? type.join(" or ") : "anything";
  return kind + range(schema);
}

function objectKind(schema: Schema, depth: number): string {
  const names = Object.keys(record(schema["properties"]));
  if (names.length === 0) {
    const values = record(schema["additionalProperties"]);
    return Object.keys(values).length === 0 ? "object" : `object of ${kindOf(values, depth + 1)}`;
  }
  return depth > 1 ? "object" : `{ ${names.map((name) => code(name)).join(", ")} }`;
}

function range({ minimum, maximum, minLength, maxLength, exclusiveMinimum }: Schema): string {
  const whole = (bound: unknown): boolean => typeof bound === "number" && Math.abs(bound) < 2 ** 53 - 1;
  if (whole(minimum) && whole(maximum)) return ` ${String(minimum)} to ${String(maximum)}`;
  if (whole(minimum)) return ` from ${String(minimum)}`;
  if (whole(exclusiveMinimum)) return ` over ${String(exclusiveMinimum)}`;
  if (whole(maxLength)) return ` up to ${String(maxLength)} characters`;
  return whole(minLength) && minLength !== 1 ? ` of at least ${String(minLength)} characters` : "";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function record(value: unknown): Schema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
