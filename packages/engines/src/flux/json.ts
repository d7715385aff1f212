/** A JSON object's fields; empty for anything else. */
export function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? new Map<string, unknown>(Object.entries(value))
    : new Map();
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `undefined` for text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Seconds since the epoch as ISO-8601; 0 means "not yet". */
export function timeOf(value: unknown): string | undefined {
  const seconds = numberOf(value);
  return seconds === undefined || seconds <= 0 || seconds > 8.64e12
    ? undefined
    : new Date(seconds * 1000).toISOString();
}
