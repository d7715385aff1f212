import { ParleyError, formatBytes } from "@parley/core";
import type { Json } from "./database.ts";
import { maxDepth, maxValueBytes } from "./_limits.ts";

function refuse(path: string, why: string): never {
  const at = path === "" ? "The value" : `The value at ${path}`;
  throw new ParleyError("E_ARGUMENT_INVALID", `${at} ${why}.`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function isJsonArray(items: readonly unknown[], parents: object[]): boolean {
  // Not `every`, which passes over holes.
  for (const item of items) if (!isJson(item, parents)) return false;
  return true;
}

function isJsonObject(value: object, parents: object[]): boolean {
  return Object.values(value).every((inner) => inner === undefined || isJson(inner, parents));
}

/** Whether JSON can say a value, said without the path to what it cannot: that costs more than all the rest. */
function isJson(value: unknown, parents: object[]): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || parents.length >= maxDepth || parents.includes(value)) return false;
  parents.push(value);
  const sound = Array.isArray(value)
    ? isJsonArray(value, parents)
    : isPlain(value) && isJsonObject(value, parents);
  parents.pop();
  return sound;
}

function checkObject(value: object, path: string, parents: Set<object>): void {
  if (parents.has(value)) refuse(path, "contains itself");
  if (parents.size >= maxDepth) refuse(path, `is nested deeper than ${maxDepth} levels`);
  parents.add(value);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) check(value[index], `${path}[${index}]`, parents);
  } else if (isPlain(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (inner !== undefined) check(inner, path === "" ? key : `${path}.${key}`, parents);
    }
  } else {
    refuse(path, "is not a plain object: store what JSON can say (a time as ISO-8601 text)");
  }
  parents.delete(value);
}

function check(value: unknown, path: string, parents: Set<object>): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) refuse(path, `is ${value}, which JSON cannot say: leave it out or use null`);
    return;
  }
  if (typeof value === "object") return checkObject(value, path, parents);
  refuse(path, `is of type ${typeof value}, which JSON cannot say`);
}

/**
 * The JSON text of a value; properties that are `undefined` are dropped.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for what JSON cannot say and for more than 8 MiB.
 */
export function encodeValue(value: Json): string {
  if (!isJson(value, [])) check(value, "", new Set());
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxValueBytes) {
    refuse("", `takes ${formatBytes(bytes)} as JSON; a record holds at most ${formatBytes(maxValueBytes)}`);
  }
  return text;
}

/**
 * Reads back what {@link encodeValue} wrote.
 * @throws {@link ParleyError} `E_DATABASE_CORRUPT` naming the place.
 */
export function decodeValue(text: string, place: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch (cause) {
    throw corrupt(place, { cause });
  }
}

/** The error for a stored thing that cannot be read back. */
export function corrupt(
  place: string,
  more: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
): ParleyError {
  return new ParleyError(
    "E_DATABASE_CORRUPT",
    `${place} cannot be read back: restore it from a backup or move it away.`,
    more,
  );
}
