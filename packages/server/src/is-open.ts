/** Whether a value is an object with string keys (not an array). */
export function isOpen(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
