/** Where a value was given. */
export type Origin = "flag" | "environment" | "file" | "default";

/** A JSON Schema (2020-12), or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Reads what a flag, a variable or the file gave; `schema` describes the value in a file. */
export interface Reader<Value> {
  /** @throws `E_CONFIG_INVALID` naming `where` */
  (raw: unknown, where: string): Value;
  readonly schema?: JsonSchema | undefined;
}

/** One setting: a flag, its variables, its place in the file, and how all three are read. */
export interface Option<Value> {
  /** As commander takes it: `-t, --transport <kind>`, `--label <key=value>`, `--hub`. */
  readonly flags: string;
  /** Other spellings of the long flag, accepted and not shown. */
  readonly aliases?: readonly string[] | undefined;
  readonly description: string;
  /** Variables in order of preference; later ones are accepted spellings. */
  readonly env?: readonly string[] | undefined;
  /** Texts of a variable that count as unset, such as what another program puts there for its own use. */
  readonly unset?: readonly string[] | undefined;
  /** Dotted place in the configuration file. */
  readonly file?: string | undefined;
  readonly initial?: Value | undefined;
  /** Shown in `--help` where the default is computed. */
  readonly initialText?: string | undefined;
  /** Masked wherever the configuration is shown, errors included. */
  readonly secret?: boolean | undefined;
  /** Values of flag and file add up instead of one replacing the other. */
  readonly list?: boolean | undefined;
  /** Heading in `--help`. */
  readonly group?: string | undefined;
  readonly hidden?: boolean | undefined;
  /** Why a known name cannot be used yet; giving it is an error that says so. */
  readonly unavailable?: string | undefined;
  readonly read: Reader<Value>;
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

/**
 * The same table with other defaults, for a program that reuses another's options.
 * A key nobody has is ignored; a value is not read, so give it as the option would.
 */
export function withDefaults<Table extends OptionTable>(
  table: Table,
  defaults: Partial<OptionValues<Table>>,
): Table {
  const entries = Object.entries(table).map(([key, definition]) => {
    const initial: unknown = Object.hasOwn(defaults, key) ? Reflect.get(defaults, key) : undefined;
    return [key, initial === undefined ? definition : { ...definition, initial, initialText: undefined }];
  });
  return Object.fromEntries(entries) as Table; // the same keys, each of its own kind
}

/** `--transport` of `-t, --transport <kind>`. */
export function longFlag({ flags }: Pick<Option<unknown>, "flags">): string {
  return /--[a-z][\w-]*/i.exec(flags)?.[0] ?? flags;
}

/** Whether the flag stands alone: `--hub`, not `--port <number>` or `--mock [archetype]`. */
export function isSwitch({ flags }: Pick<Option<unknown>, "flags">): boolean {
  return !/[<[]/.test(flags);
}
