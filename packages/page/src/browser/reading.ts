/** What a field of a form says: its value, that it is left out, or that it is wrong (the field shows why). */
export type Reading =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "absent" }
  | { readonly kind: "fault" };

/** One field of a form, a group of them, or the whole. */
export interface Field {
  readonly node: HTMLElement;
  /** Reads the value and shows or clears what is wrong with it. */
  read(): Reading;
  fill(value: unknown): void;
}

/** Where a field stands. */
export interface Place {
  readonly name: string;
  readonly required: boolean;
  readonly level: number;
}

export const absent: Reading = { kind: "absent" };
export const fault: Reading = { kind: "fault" };

/** Makes the field for a schema. */
export type MakeField = (schema: unknown, place: Place) => Field;
