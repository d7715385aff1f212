import * as fc from "fast-check";

type Path = readonly (string | number)[];

/** JSON text that a client may put wherever something else was expected. */
const oddValues = [
  "null",
  "true",
  "0",
  "-1",
  "1.5",
  "1e400",
  "9007199254740993",
  "-0",
  '""',
  '"x"',
  '"\\ud800"',
  '"\\u0000"',
  '"\\u202e\\u001b[31m"',
  '"__proto__"',
  '"constructor"',
  '"hasOwnProperty"',
  '"tools/call"',
  '"tools/nothing"',
  '"initialize"',
  '"2024-11-05"',
  '"2099-01-01"',
  "[]",
  "[[]]",
  "{}",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":null,"length":-1,"then":1}',
  '{"a":1,"a":2}',
  "nul",
  "{",
  "'x'",
  `"${"x".repeat(70_000)}"`,
  `${"[".repeat(5000)}${"]".repeat(5000)}`,
  `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`,
  `[${"0,".repeat(20_000)}0]`,
  `{${Array.from({ length: 3000 }, (_unused, index) => `"k${index}":0`).join(",")}}`,
  "1".repeat(5000),
] as const;

/** Every place in a JSON value, the whole of it included. */
function placesOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...at, key]))];
}

/** One change of a message: its text with something else, nothing, or another key at one place. */
export interface Mutation {
  readonly place: number;
  readonly kind: "replace" | "remove" | "rename" | "add" | "batch" | "cut";
  readonly odd: string;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(60),
  kind: fc.constantFrom("replace", "replace", "replace", "remove", "rename", "add", "batch", "cut"),
  odd: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...oddValues) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  ),
});

/** JSON text of a message after its mutations, one after another. */
export function mutated(message: unknown, mutations: readonly Mutation[]): string {
  let text = JSON.stringify(message);
  for (const change of mutations) text = apply(text, change);
  return text;
}

function apply(text: string, { place, kind, odd }: Mutation): string {
  if (kind === "batch") return `[${[text, odd, text].slice(0, 1 + (place % 3)).join(",")}]`;
  if (kind === "cut") return text.slice(0, Math.floor((text.length * place) / 61));
  const value = parsed(text);
  if (value === undefined) return text;
  const places = placesOf(value);
  const path = places[place % places.length] ?? [];
  const mark = `@@${place}@@`;
  const marked = JSON.stringify(rebuilt(value, path, kind === "remove" ? undefined : mark));
  if (marked === undefined) return "";
  if (kind === "rename") return marked.replace(/"[^"]*":"@@\d+@@"/, () => `${keyText(odd)}:1`);
  if (kind === "add") return marked.replace(`"${mark}"`, () => `{"extra":${odd},"_meta":${odd}}`);
  return marked.replace(`"${mark}"`, () => odd);
}

/** Beyond some depth a message is not changed again: the tests' own walk is recursive. */
function parsed(text: string): unknown {
  if (/[[{]{200}|(?:\{"a":){200}/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keyText(odd: string): string {
  return odd.startsWith('"') && odd.endsWith('"') && !odd.includes(",") ? odd : '"renamed"';
}

function rebuilt(value: unknown, path: Path, to: string | undefined): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === key ? rebuilt(inner, rest, to) : inner));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === key ? rebuilt(inner, rest, to) : inner]),
  );
}
