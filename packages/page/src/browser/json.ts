/** A JSON object whose fields are not known. */
export type Open = Readonly<Record<string, unknown>>;

export function isOpen(value: unknown): value is Open {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; nothing where there is no list. */
export function objects(value: unknown): readonly Open[] {
  return Array.isArray(value) ? value.filter(isOpen) : [];
}

/** The text, or nothing where there is none. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** @throws SyntaxError */
export function parse(source: string): unknown {
  return JSON.parse(source);
}

/** What is there to say of something thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
