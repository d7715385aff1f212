import { ParleyError } from "@parley/core";
import type { z } from "zod";
import { jsonSchemaOf } from "./arguments.ts";
import { isRecord } from "./tool-result.ts";

type Open = Readonly<Record<string, unknown>>;

/**
 * The form a client shows for a zod object: a flat list of strings, numbers, booleans and choices, the only shapes MCP
 * elicitation has. Choices are `z.enum`, or a union of literals with `.meta({ title })`; an array of either is a
 * multiple choice. What a form cannot say (a pattern) is left to the check of the answer.
 * @throws `E_TOOL_INVALID` naming the field that no form can show
 */
export function formSchema(schema: z.ZodObject): Open {
  const { properties, required } = jsonSchemaOf("A form", schema, "input");
  const fields = Object.entries(isRecord(properties) ? properties : {}).map(
    ([name, property]) => [name, field(name, isRecord(property) ? property : {})] as const,
  );
  return {
    type: "object",
    properties: Object.fromEntries(fields),
    ...(Array.isArray(required) && required.length > 0 ? { required } : {}),
  };
}

const scalars = new Set(["string", "number", "integer", "boolean"]);

function field(name: string, property: Open): Open {
  const { pattern: _pattern, anyOf, oneOf, const: only, ...rest } = property;
  const choices = titledChoices(anyOf ?? oneOf);
  if (choices !== undefined) return { type: "string", oneOf: choices, ...rest };
  if (typeof only === "string") return { ...rest, enum: [only] };
  if (rest["type"] === "array") return { ...rest, items: items(name, rest["items"]) };
  if (typeof rest["type"] !== "string" || !scalars.has(rest["type"])) throw unfit(name);
  return rest["type"] === "integer" ? withoutSafeBounds(rest) : rest;
}

function items(name: string, value: unknown): Open {
  const found = isRecord(value) ? value : {};
  const choices = titledChoices(found["anyOf"] ?? found["oneOf"]);
  if (choices !== undefined) return { anyOf: choices };
  if (found["type"] !== "string" || !Array.isArray(found["enum"])) throw unfit(name);
  return { type: "string", enum: found["enum"] };
}

/** A union of string literals as `{ const, title }`; `undefined` for any other union. */
function titledChoices(members: unknown): readonly { const: string; title: string }[] | undefined {
  if (!Array.isArray(members)) return undefined;
  const choices = members.flatMap((member: unknown) => {
    const value = isRecord(member) ? member["const"] : undefined;
    if (!isRecord(member) || typeof value !== "string") return [];
    const title = member["title"];
    return [{ const: value, title: typeof title === "string" ? title : value }];
  });
  return choices.length === members.length ? choices : undefined;
}

/** zod bounds every integer by what a double holds: no bound a person needs to see. */
function withoutSafeBounds({ minimum, maximum, ...rest }: Open): Open {
  return {
    ...rest,
    ...(minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum }),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
  };
}

function unfit(name: string): ParleyError {
  return new ParleyError(
    "E_TOOL_INVALID",
    `The form field "${name}" must be a string, a number, a boolean, an enum or an array of an enum.`,
  );
}
