import { ParleyError } from "@parley/core/errors";

/** Where a value was given. */
export type Origin = "flag" | "environment" | "file" | "default";

/** One setting: a flag, its variables, its place in the file, and how all three are read. */
export interface Option<Value> {
  /** As commander takes it: `-t, --transport <kind>`, `--label <key=value>`, `--hub`. */
  readonly flags: string;
  readonly description: string;
  /** Variables in order of preference; later ones are accepted spellings. */
  readonly env?: readonly string[] | undefined;
  /** Dotted place in the configuration file. */
  readonly file?: string | undefined;
  readonly initial?: Value | undefined;
  /** Shown in `--help` where the default is computed. */
  readonly initialText?: string | undefined;
  /** Masked wherever the configuration is shown. */
  readonly secret?: boolean | undefined;
  /** Values of flag and file add up instead of one replacing the other. */
  readonly list?: boolean | undefined;
  /** Heading in `--help`. */
  readonly group?: string | undefined;
  readonly hidden?: boolean | undefined;
  /** Reads what a flag, a variable or the file gave. @throws `E_CONFIG_INVALID` naming `where` */
  readonly read: (raw: unknown, where: string) => Value;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The values of a table; an option without `initial` may be absent. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Option<infer Value>
    ? Table[Key] extends { readonly initial: {} }
      ? Value
      : Value | undefined
    : never;
};

/** Types an option: one with `initial` always has a value. */
export function option<Value>(
  definition: Option<Value> & { readonly initial: NoInfer<Value> },
): Option<Value> & { readonly initial: Value };
export function option<Value>(definition: Option<Value>): Option<Value>;
export function option(definition: Option<unknown>): Option<unknown> {
  return definition;
}

function refuse(where: string, raw: unknown, wanted: string): never {
  const shown = typeof raw === "string" ? raw : (JSON.stringify(raw) ?? String(raw));
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `${where}: ${JSON.stringify(shown.slice(0, 80))} is not ${wanted}.`,
  );
}

/** The text of a string or number; of anything else none, since a mapping of a file may forbid its own conversion. */
function scalar(raw: unknown): string {
  return typeof raw === "string" || typeof raw === "number" ? String(raw) : "";
}

/** Readers for the kinds of value options have. */
export const reads = {
  text: (raw: unknown, where: string): string =>
    typeof raw === "string" || typeof raw === "number" ? String(raw) : refuse(where, raw, "text"),

  flag: (raw: unknown, where: string): boolean => {
    if (typeof raw === "boolean") return raw;
    const word = scalar(raw).toLowerCase();
    if (["1", "true", "yes", "on"].includes(word)) return true;
    if (raw === "" || ["0", "false", "no", "off"].includes(word)) return false;
    return refuse(where, raw, "true or false");
  },

  integer:
    (min: number, max: number) =>
    (raw: unknown, where: string): number => {
      const value = typeof raw === "number" ? raw : /^-?\d+$/.test(scalar(raw)) ? Number(raw) : Number.NaN;
      const fits = Number.isInteger(value) && value >= min && value <= max;
      return fits ? value : refuse(where, raw, `a whole number from ${min} to ${max}`);
    },

  choice:
    <const Choice extends string>(...choices: readonly Choice[]) =>
    (raw: unknown, where: string): Choice => {
      const found = choices.find((choice) => choice === raw);
      return found ?? refuse(where, raw, `one of ${choices.join(", ")}`);
    },

  /** A list from repeated flags, a comma-separated variable, or a YAML sequence. */
  list: (raw: unknown, where: string): readonly string[] => {
    const items = Array.isArray(raw) ? raw : reads.text(raw, where).split(",");
    return items.map((item: unknown) => reads.text(item, where).trim()).filter((item) => item !== "");
  },

  /** `key=value` pairs, or a YAML mapping. */
  pairs: (raw: unknown, where: string): Readonly<Record<string, string>> => {
    if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) {
      return Object.fromEntries(
        Object.entries(raw).map(([key, value]) => [key, reads.text(value, `${where}.${key}`)]),
      );
    }
    return Object.fromEntries(
      reads.list(raw, where).map((pair) => {
        const cut = pair.indexOf("=");
        return cut > 0
          ? [pair.slice(0, cut), pair.slice(cut + 1)]
          : refuse(where, pair, "of the form key=value");
      }),
    );
  },

  url: (raw: unknown, where: string): string => {
    const text = scalar(raw);
    return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
      ? text
      : refuse(where, raw, "an http or https address");
  },
} as const;
