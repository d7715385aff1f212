import { choiceField, jsonField, numberField, textField } from "./fields.ts";
import type { Choice } from "./fields.ts";
import { choicesField, listField, objectField } from "./groups.ts";
import { isOpen, objects } from "./json.ts";
import type { Open } from "./json.ts";
import type { Field, Place } from "./reading.ts";

/** Objects nested deeper are written as JSON. */
const maxLevel = 6;

/** The field for a schema, filled with its default. What no form can show is written as JSON. */
export function fieldFor(schema: unknown, place: Place): Field {
  const known = isOpen(schema) ? withoutNull(schema) : {};
  const field = make(known, place);
  if (known["default"] !== undefined) field.fill(known["default"]);
  else if (known["const"] !== undefined && place.required) field.fill(known["const"]);
  return field;
}

function make(schema: Open, place: Place): Field {
  const { type, items } = schema;
  const choices = choicesOf(schema);
  if (choices !== undefined) return choiceField(schema, place, choices);
  if (isBeyondForms(schema) || place.level > maxLevel) return jsonField(schema, place);
  if (type === "string") return textField(schema, place);
  if (type === "integer" || type === "number") return numberField(schema, place);
  if (type === "array" && isOpen(items)) {
    const several = choicesOf(items);
    return several === undefined ? listField(schema, place, fieldFor) : choicesField(schema, place, several);
  }
  return type === "object" && isOpen(schema["properties"])
    ? objectField(schema, place, fieldFor)
    : jsonField(schema, place);
}

/** `anyOf` of one form and null, as many schema libraries write what may be left out, is that form. */
function withoutNull(schema: Open): Open {
  const forms = objects(schema["anyOf"]);
  const other = forms.find(({ type }) => type !== "null");
  if (forms.length !== 2 || other === undefined || !forms.some(({ type }) => type === "null")) return schema;
  const { anyOf: _, ...rest } = schema;
  return { ...other, ...rest, ...(rest["default"] === null ? { default: undefined } : {}) };
}

function choicesOf({ enum: values, const: only, oneOf, anyOf, type }: Open): readonly Choice[] | undefined {
  if (Array.isArray(values)) return values.map((value) => ({ value, title: titleOf(value) }));
  if (only !== undefined) return [{ value: only, title: titleOf(only) }];
  if (type === "boolean") return [true, false].map((value) => ({ value, title: String(value) }));
  const forms = objects(oneOf ?? anyOf);
  if (forms.length === 0 || !forms.every((form) => form["const"] !== undefined)) return undefined;
  return forms.map((form) => ({ value: form["const"], title: titleOf(form["title"] ?? form["const"]) }));
}

function titleOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isBeyondForms(schema: Open): boolean {
  return ["oneOf", "anyOf", "allOf", "not", "if", "$ref", "$dynamicRef"].some((keyword) => keyword in schema);
}
