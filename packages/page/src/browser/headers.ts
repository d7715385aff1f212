import { isOpen } from "./json.ts";
import type { Open } from "./json.ts";

/** A header value for any text: plain ASCII as it is, all else in Base64 between markers (SEP-2243). */
export function encodeHeader(value: string): string {
  const plain = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(value);
  if (plain && !(value.startsWith("=?base64?") && value.endsWith("?="))) return value;
  const bytes = Array.from(new TextEncoder().encode(value), (byte) => String.fromCodePoint(byte));
  return `=?base64?${btoa(bytes.join(""))}?=`;
}

/** The `Mcp-Param-*` headers of a call: arguments whose schema has `x-mcp-header` and that are present. */
export function paramHeaders(schema: unknown, args: unknown): Record<string, string> {
  const properties = isOpen(schema) && isOpen(schema["properties"]) ? schema["properties"] : {};
  const given: Open = isOpen(args) ? args : {};
  return Object.entries(properties).reduce<Record<string, string>>((headers, [name, property]) => {
    if (!isOpen(property) || !Object.hasOwn(given, name)) return headers;
    const value = given[name];
    const header = property["x-mcp-header"];
    if (typeof header === "string" && ["string", "number", "boolean"].includes(typeof value)) {
      return { ...headers, [`mcp-param-${header.toLowerCase()}`]: encodeHeader(String(value)) };
    }
    return { ...headers, ...paramHeaders(property, value) };
  }, {});
}
