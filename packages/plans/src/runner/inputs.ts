import { ParleyError } from "@parley/core";
import type { Plan } from "@parley/core";

/** What a run is given, over the defaults of the plan; text becomes the kind of the default. @throws `E_PLAN_INVALID` */
export function runInputs(
  { name, inputs: declared }: Plan,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(declared);
  for (const key of Object.keys(given)) {
    if (names.includes(key)) continue;
    throw invalid(`The plan ${name} has no input "${key}"; it declares ${names.join(", ") || "none"}.`);
  }
  const entries = names.map((key) => {
    const value = Object.hasOwn(given, key) ? given[key] : declared[key];
    if (value === null || value === undefined) {
      throw invalid(`The plan ${name} needs the input "${key}": give --input ${key}=VALUE.`);
    }
    return [key, typeof value === "string" ? kindOf(value, declared[key], key) : value];
  });
  return Object.fromEntries(entries);
}

function kindOf(text: string, like: unknown, key: string): unknown {
  if (like === null || typeof like === "string" || like === undefined) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(
      `The input "${key}" should be JSON like ${JSON.stringify(like)}, and ${JSON.stringify(text)} is not.`,
    );
  }
}

function invalid(message: string): ParleyError {
  return new ParleyError("E_PLAN_INVALID", message);
}
