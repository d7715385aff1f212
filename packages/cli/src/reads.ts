import { ParleyError } from "@parley/core/errors";
import type { JsonSchema, Reader } from "./option.ts";

/** Gives a reader the JSON Schema of what it accepts in a file. */
export function reader<Value>(
  schema: JsonSchema,
  read: (raw: unknown, where: string) => Value,
): Reader<Value> & { readonly schema: JsonSchema } {
  return Object.assign((raw: unknown, where: string) => read(raw, where), { schema });
}

/** Says that a value is not what was wanted; `where` and `wanted` travel as details, so that a secret can be left out. */
function refuse(where: string, raw: unknown, wanted: string): never {
  const shown = typeof raw === "string" ? raw : (JSON.stringify(raw) ?? String(raw));
  const message = `${where}: ${JSON.stringify(shown.slice(0, 80))} is not ${wanted}.`;
  throw new ParleyError("E_CONFIG_INVALID", message, { details: { where, wanted } });
}

/** The text of a string or number; of anything else none, since a mapping of a file may forbid its own conversion. */
function scalar(raw: unknown): string {
  return typeof raw === "string" || typeof raw === "number" ? String(raw) : "";
}

const textSchema: JsonSchema = { type: ["string", "number"] };

const text = reader(textSchema, (raw, where): string => {
  const found = scalar(raw);
  return found === "" ? refuse(where, raw, "text") : found;
});

const flag = reader({ type: "boolean" }, (raw, where): boolean => {
  if (typeof raw === "boolean") return raw;
  const word = scalar(raw).toLowerCase();
  if (["1", "true", "yes", "on"].includes(word)) return true;
  if (raw === "" || ["0", "false", "no", "off"].includes(word)) return false;
  return refuse(where, raw, "true or false");
});

const integer = (minimum: number, maximum: number) =>
  reader({ type: "integer", minimum, maximum }, (raw, where): number => {
    const value = typeof raw === "number" ? raw : /^-?\d+$/.test(scalar(raw)) ? Number(raw) : Number.NaN;
    const fits = Number.isInteger(value) && value >= minimum && value <= maximum;
    return fits ? value : refuse(where, raw, `a whole number from ${minimum} to ${maximum}`);
  });

const positive = reader({ type: "number", exclusiveMinimum: 0 }, (raw, where): number => {
  const value = typeof raw === "number" ? raw : Number(text(raw, where));
  return Number.isFinite(value) && value > 0 ? value : refuse(where, raw, "a number above 0");
});

const choice = <const Choice extends string>(...choices: readonly Choice[]) =>
  reader({ enum: choices }, (raw, where): Choice => {
    const found = choices.find((candidate) => candidate === raw);
    return found ?? refuse(where, raw, `one of ${choices.join(", ")}`);
  });

const list = reader(
  { anyOf: [{ type: "array", items: textSchema }, textSchema] },
  (raw, where): readonly string[] => {
    if (!Array.isArray(raw)) return split(text(raw, where));
    return raw.map((item: unknown, index) => text(item, `${where}[${index}]`).trim()).filter(Boolean);
  },
);

function split(given: string): readonly string[] {
  return given
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

const pairs = reader(
  {
    anyOf: [
      { type: "object", additionalProperties: textSchema },
      { type: "array", items: { type: "string" } },
    ],
  },
  (raw, where): Readonly<Record<string, string>> => {
    if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) {
      return Object.fromEntries(
        Object.entries(raw).map(([key, value]) => [key, text(value, `${where}.${key}`)]),
      );
    }
    return Object.fromEntries(
      list(raw, where).map((pair) => {
        const cut = pair.indexOf("=");
        return cut > 0
          ? [pair.slice(0, cut), pair.slice(cut + 1)]
          : refuse(where, pair, "of the form key=value");
      }),
    );
  },
);

const url = reader({ type: "string", pattern: "^https?://" }, (raw, where): string => {
  const found = scalar(raw);
  return URL.canParse(found) && /^https?:$/.test(new URL(found).protocol)
    ? found
    : refuse(where, raw, "an http or https address");
});

/** Readers for the kinds of value options have. */
export const reads = {
  /** Text that is not empty; a number counts as its digits. */
  text,
  flag,
  integer,
  /** A number above zero. */
  positive,
  choice,
  /** A list from repeated flags, a comma-separated variable, or a YAML sequence. */
  list,
  /** `key=value` pairs, or a YAML mapping. */
  pairs,
  url,
} as const;
