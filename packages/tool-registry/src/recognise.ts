import type { EventSource, Prompt, Resource, Tool } from "./definitions.ts";
import { isRecord } from "./tool-result.ts";

/** Whether a value has a tool's shape. */
export function isTool(value: unknown): value is Tool {
  return (
    isRecord(value) &&
    typeof value["name"] === "string" &&
    isRecord(value["inputSchema"]) &&
    typeof value["call"] === "function"
  );
}

/** Whether a value has a prompt's shape. */
export function isPrompt(value: unknown): value is Prompt {
  return isRecord(value) && typeof value["name"] === "string" && typeof value["get"] === "function";
}

/** Whether a value has a resource's shape. */
export function isResource(value: unknown): value is Resource {
  return isRecord(value) && typeof value["name"] === "string" && typeof value["read"] === "function";
}

/** Whether a value has the shape of a source of events. */
export function isEventSource(value: unknown): value is EventSource {
  return (
    isRecord(value) &&
    typeof value["name"] === "string" &&
    isRecord(value["parameters"]) &&
    typeof value["subscribe"] === "function"
  );
}

/** Whether a value is a class rather than a function to call. */
export function isClass(value: unknown): boolean {
  return typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));
}

/** What a value is, for a message that says why it was refused. */
export function describeValue(value: unknown): string {
  if (isTool(value)) return "a tool (load it with --tool)";
  if (isPrompt(value)) return "a prompt (load it with --prompt)";
  if (isResource(value)) return "a resource (load it with --resource)";
  if (isEventSource(value)) return "a source of events (load it with --event)";
  if (value instanceof Promise) return "a promise (export what it resolves to, with a top-level await)";
  if (isClass(value)) return "a class (export a function or a defined item)";
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array (load the whole module with --tool-module)";
  return typeof value === "object" ? "an object of another shape" : `a ${typeof value}`;
}
