/** How much is kept and shown; a run may go on for days, and a tool may answer with anything. */
export const bounds = { lines: 100, lineCharacters: 4000, log: 500, valueCharacters: 20_000 } as const;

/** The text, cut where it is too long, and saying so. */
export function cut(text: string, most: number = bounds.lineCharacters): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}

/** The values, each cut where its JSON is too long. */
export function bounded(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const text = JSON.stringify(value) ?? "";
      return [name, text.length <= bounds.valueCharacters ? value : cut(text, bounds.valueCharacters)];
    }),
  );
}

/** The list with one more at its end, and the first taken out where there are too many. */
export function appended<Item>(list: readonly Item[], item: Item, most: number): readonly Item[] {
  return [...list.slice(Math.max(0, list.length + 1 - most)), item];
}
