import { ParleyError, toParleyError } from "@parley/core";
import type { FluxJobspec } from "@parley/engines/flux";
import { parseJobspec } from "@parley/jobspec";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a jobspec from JSON or YAML text, or takes the object. @throws `E_ARGUMENT_INVALID` */
export function readJobspec(given: string | Readonly<Record<string, unknown>>): FluxJobspec {
  const value: unknown = typeof given === "string" ? parseJobspec(given) : given;
  if (isObject(value)) return value;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    "This is no jobspec but another kind of text: a jobspec is a JSON or YAML object with resources, tasks, attributes and version; scripts go to flux_submit_batch.",
  );
}

/** The same, or why it is none. */
export function jobspecOrWhy(text: string): FluxJobspec | string {
  try {
    return readJobspec(text);
  } catch (error) {
    const { code, message } = toParleyError(error);
    if (code === "E_JOBSPEC_INVALID" || code === "E_ARGUMENT_INVALID") return message;
    throw error;
  }
}

/** Whether a text is a jobspec rather than a batch script. */
export function isJobspecText(text: string): boolean {
  if (/^\s*#!/.test(text)) return false;
  try {
    return isObject(parseJobspec(text));
  } catch {
    return /^\s*\{|^(?:version|resources|tasks|attributes)[ \t]*:/m.test(text);
  }
}
