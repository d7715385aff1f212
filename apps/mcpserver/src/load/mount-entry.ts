import { nearest, reader, reads } from "@parley/cli";
import type { JsonSchema, Reader } from "@parley/cli";
import { ParleyError } from "@parley/core/errors";

type Pairs = Readonly<Record<string, string>>;

/** One server to mount, as a flag or the file names it. */
export interface MountEntry {
  readonly name: string;
  /** Either this or `command`. */
  readonly url?: string | undefined;
  readonly headers?: Pairs | undefined;
  /** A file that holds the bearer token alone. */
  readonly tokenFile?: string | undefined;
  readonly command?: string | undefined;
  readonly args?: readonly string[] | undefined;
  readonly env?: Pairs | undefined;
  readonly cwd?: string | undefined;
  readonly prefix?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly scope?: "read" | "negotiate" | "dispatch" | "admin" | undefined;
  /** Seconds a call may take. */
  readonly timeout?: number | undefined;
  readonly required?: boolean | undefined;
  /** Whether the file names it: relative paths then start from the file's folder. */
  readonly inFile: boolean;
  /** `--mount` or `mount[2]`, for messages. */
  readonly where: string;
  /** The entry as it would be written in the file, without what may be secret. */
  readonly toJSON: () => unknown;
}

type Mapping = Readonly<Record<string, unknown>>;
type Read = (raw: unknown, where: string) => unknown;

const scopes = ["read", "negotiate", "dispatch", "admin"] as const;
const namePattern = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;
const text: JsonSchema = { type: "string" };
const texts: JsonSchema = { type: "array", items: { type: ["string", "number"] } };
const pairs: JsonSchema = { type: "object", additionalProperties: { type: ["string", "number"] } };

const name = (raw: unknown, where: string): string => {
  const found = reads.text(raw, where);
  if (namePattern.test(found)) return found;
  throw refused(where, "write a name of a letter and at most 31 more letters, digits, dashes or underscores");
};

const prefix = (raw: unknown, where: string): string => {
  if (raw === "" || (typeof raw === "string" && namePattern.test(raw))) return raw;
  throw refused(where, "write letters, digits, dashes or underscores, or an empty text for none");
};

/** A list as it stands: an argument may hold commas and be empty. */
const argumentsOf = (raw: unknown, where: string): readonly string[] => {
  if (!Array.isArray(raw)) throw refused(where, "write a list, one argument each");
  return raw.map((one: unknown, index) => {
    if (typeof one === "string" || typeof one === "number") return String(one);
    throw refused(`${where}[${index}]`, "write a text");
  });
};

/** A variable may be empty; its value is never shown. */
const secretPairs = (raw: unknown, where: string): Pairs => {
  if (!isMapping(raw)) throw refused(where, "write a mapping of names to texts");
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => {
      if (typeof value === "string" || typeof value === "number") return [key, String(value)];
      throw refused(`${where}.${key}`, "write a text");
    }),
  );
};

const url = (raw: unknown, where: string): string => {
  const { username, password } =
    typeof raw === "string" && URL.canParse(raw) ? new URL(raw) : new URL("http:x");
  if (username !== "" || password !== "") {
    throw refused(
      where,
      "take the credential out of the address: name a token_file, or headers from a variable",
    );
  }
  return reads.url(raw, where);
};

/** Every key of an entry: its schema in the file, and how it is read. */
const keys: Readonly<Record<string, { readonly schema: JsonSchema; readonly read: Read }>> = {
  name: { schema: { type: "string", pattern: namePattern.source }, read: name },
  url: { schema: reads.url.schema, read: url },
  headers: { schema: pairs, read: secretPairs },
  token_file: { schema: text, read: reads.text },
  command: { schema: text, read: reads.text },
  args: { schema: texts, read: argumentsOf },
  env: { schema: pairs, read: secretPairs },
  cwd: { schema: text, read: reads.text },
  prefix: { schema: text, read: prefix },
  include: { schema: reads.list.schema, read: reads.list },
  exclude: { schema: reads.list.schema, read: reads.list },
  scope: { schema: { enum: scopes }, read: reads.choice(...scopes) },
  timeout: { schema: { type: "integer", minimum: 1, maximum: 86_400 }, read: reads.integer(1, 86_400) },
  required: { schema: { type: "boolean" }, read: reads.flag },
};

const overHttp = ["headers", "token_file"];
const overStdio = ["args", "env", "cwd"];

const schema: JsonSchema = {
  type: "array",
  items: {
    type: "object",
    properties: Object.fromEntries(Object.entries(keys).map(([key, { schema: own }]) => [key, own])),
    required: ["name"],
    oneOf: [{ required: ["url"] }, { required: ["command"] }],
    additionalProperties: false,
  },
};

/** Reads `name=URL` of a flag, and the file's list of mappings. A flag takes no command: it would need a shell's rules. */
export const mountEntries: Reader<readonly MountEntry[]> = reader(schema, (raw, where) => {
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const entries = list.map((one, index) =>
    where.startsWith("-") ? readFlag(one, where) : readMapping(one, `${where}[${index}]`),
  );
  for (const [index, entry] of entries.entries()) {
    const twin = entries.findIndex((other) => other.name === entry.name);
    if (twin < index)
      throw refused(entry.where, `there is a mount named "${entry.name}" already; choose another`);
  }
  return entries;
});

function readFlag(raw: unknown, where: string): MountEntry {
  const given = reads.text(raw, where);
  const cut = given.indexOf("=");
  if (cut <= 0) throw refused(where, "write name=URL; a command goes under mount: in the file");
  const found = { name: name(given.slice(0, cut), where), url: url(given.slice(cut + 1), where) };
  return { ...found, inFile: false, where, toJSON: () => found };
}

function readMapping(raw: unknown, place: string): MountEntry {
  if (!isMapping(raw)) throw refused(place, "write a mapping with name and url or command");
  checkKeys(raw, place);
  const given = Object.entries(keys).filter(([key]) => raw[key] !== undefined && raw[key] !== null);
  const found = Object.fromEntries(given.map(([key, { read }]) => [key, read(raw[key], `${place}.${key}`)]));
  if (found["name"] === undefined) throw refused(place, "give it a name");
  if ((found["url"] === undefined) === (found["command"] === undefined)) {
    throw refused(place, "give it a url or a command, and not both");
  }
  const misplaced = (found["url"] === undefined ? overHttp : overStdio).find(
    (key) => found[key] !== undefined,
  );
  if (misplaced !== undefined) {
    const [does, not] = found["url"] === undefined ? ["url", "command"] : ["command", "url"];
    throw refused(`${place}.${misplaced}`, `it goes with ${does}, not with ${not}; take it out`);
  }
  const { token_file: tokenFile, ...rest } = found;
  // Each field is what the reader of its key gave.
  const entry = { ...rest, ...(tokenFile === undefined ? {} : { tokenFile }) } as unknown as MountEntry;
  return { ...entry, inFile: true, where: place, toJSON: () => masked(found) };
}

function hide(value: unknown): unknown {
  return isMapping(value) ? Object.fromEntries(Object.keys(value).map((key) => [key, "***"])) : value;
}

function masked(found: Mapping): Mapping {
  return Object.fromEntries(
    Object.entries(found).map(([key, value]) => [
      key,
      key === "headers" || key === "env" ? hide(value) : value,
    ]),
  );
}

function checkKeys(mapping: Mapping, place: string): void {
  const known = Object.keys(keys);
  for (const key of Object.keys(mapping)) {
    if (known.includes(key)) continue;
    const close = nearest(key, known);
    const hint = close === undefined ? `; there are ${known.join(", ")}` : `; did you mean "${close}"?`;
    const where = `${place}.${key}`;
    throw new ParleyError("E_CONFIG_UNKNOWN", `unknown key "${where}"${hint}`, { details: { where } });
  }
}

function refused(where: string, what: string): ParleyError {
  return new ParleyError("E_CONFIG_INVALID", `${where}: ${what}.`, { details: { where } });
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
