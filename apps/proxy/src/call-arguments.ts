import { ParleyError } from "@parley/core";

type Args = Readonly<Record<string, unknown>>;

/** Arguments of a call as they were written, before the tool's schema is known. */
export type GivenArguments =
  | { readonly kind: "object"; readonly value: Args }
  | { readonly kind: "pairs"; readonly pairs: readonly GivenPair[] };

interface GivenPair {
  readonly name: string;
  readonly text: string;
  /** Written as `name:=json`. */
  readonly isJson: boolean;
}

const wanted = `write name=value, name:=JSON, one JSON object such as '{"timezone": "UTC"}', or - for standard input`;

/**
 * Reads the words that follow a tool's name: one JSON object, `-`, or pairs.
 * @throws `E_CONFIG_INVALID` with what to write instead
 */
export async function readWords(
  words: readonly string[],
  readInput: () => Promise<string>,
): Promise<GivenArguments> {
  const [only, ...others] = words;
  if (only === undefined) return { kind: "object", value: {} };
  if (others.length === 0 && (only === "-" || /^\s*[[{"]/.test(only))) {
    return { kind: "object", value: objectIn(only === "-" ? await readInput() : only) };
  }
  return { kind: "pairs", pairs: words.map(pairIn) };
}

function objectIn(text: string): Args {
  const found = jsonIn(text.trim() === "" ? "{}" : text);
  if (typeof found === "object" && found !== null && !Array.isArray(found)) return { ...found };
  throw new ParleyError("E_CONFIG_INVALID", `The arguments are no JSON object; ${wanted}.`);
}

function pairIn(word: string): GivenPair {
  const [, name, colon, text] = /^([^=:]+)(:?)=(.*)$/s.exec(word) ?? [];
  if (name === undefined || text === undefined) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `${JSON.stringify(word.slice(0, 40))} is no argument; ${wanted}.`,
    );
  }
  const isJson = colon === ":";
  if (isJson && jsonIn(text) === undefined) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `${name}:= is followed by no JSON; write such as ${name}:='[1, 2]'.`,
    );
  }
  return { name, text, isJson };
}

/** The arguments as the tool's schema wants them; what does not fit goes as text, for the tool to refuse. */
export function argumentsFor(given: GivenArguments, schema: Args | undefined): Args {
  if (given.kind === "object") return given.value;
  const properties = schemasIn(schema?.["properties"]);
  const found = new Map<string, unknown>();
  for (const { name, text, isJson } of given.pairs) {
    const own = properties[name];
    const isList = typesOf(own).includes("array");
    const value = isJson ? jsonIn(text) : valueFor(text, own);
    const before = found.get(name);
    // Written again, or alone where a list is wanted: one more item of it.
    const isItem = isList && !Array.isArray(value);
    found.set(name, isItem ? [...(Array.isArray(before) ? before : []), itemFor(text, own, value)] : value);
  }
  return Object.fromEntries(found);
}

function itemFor(text: string, schema: Args | undefined, value: unknown): unknown {
  const items: unknown = schema?.["items"];
  return isObject(items) ? valueFor(text, items) : value;
}

function valueFor(text: string, schema: Args | undefined): unknown {
  const types = typesOf(schema);
  if (types.includes("string") && !(types.includes("null") && text === "null")) return text;
  const value = jsonIn(text);
  if (types.length === 0) return value ?? text;
  return types.includes(typeOf(value)) || (types.includes("number") && typeof value === "number")
    ? value
    : text;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
}

/** The types a schema names, those of its alternatives included; an enumeration has those of its values. */
function typesOf(schema: Args | undefined): readonly string[] {
  if (schema === undefined) return [];
  const { type, enum: values, anyOf, oneOf } = schema;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type.filter((one) => typeof one === "string");
  if (Array.isArray(values)) return values.map(typeOf);
  const forms: readonly unknown[] = [anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return forms.flatMap((form) => (isObject(form) ? typesOf(form) : []));
}

function schemasIn(value: unknown): Readonly<Record<string, Args | undefined>> {
  if (!isObject(value)) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, Args] => isObject(entry[1]));
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Args {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nothing where the text is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
