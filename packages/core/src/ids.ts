import { createHash, randomFillSync } from "node:crypto";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** Fills an array with random bytes; `crypto.getRandomValues` fits. */
export type RandomBytes = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

// Not WebCrypto, which takes a while to load and which a server may do without.
const systemRandom: RandomBytes = (bytes) => randomFillSync(bytes);

/**
 * A fresh id such as `job_7k3m9q2x4v8n`: 60 random bits after a prefix that says what it names.
 * @param random - seam for tests; the system's generator when absent.
 */
export function newId(prefix: string, random: RandomBytes = systemRandom): string {
  const bytes = random(new Uint8Array(12));
  return `${prefix}_${Array.from(bytes, (byte) => alphabet[byte & 31]).join("")}`;
}

/**
 * A fresh id whose order is the order of time: 45 bits of milliseconds, then 40 random bits, so that a store that
 * lists by id lists by age.
 * @param nowMs - milliseconds since the epoch
 */
export function newSortableId(prefix: string, nowMs: number, random: RandomBytes = systemRandom): string {
  let time = "";
  for (let rest = nowMs, digit = 0; digit < 9; digit += 1, rest = Math.floor(rest / 32)) {
    time = `${alphabet[rest % 32]}${time}`;
  }
  const bytes = random(new Uint8Array(8));
  return `${prefix}_${time}${Array.from(bytes, (byte) => alphabet[byte & 31]).join("")}`;
}

/** A worker id as a hub accepts it (RFC 1123 host names fit). */
export const workerIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The tool prefix a raw worker id would like: `-` and `.` become `_`, a leading digit gets `n_`. */
export function toolPrefix(workerId: string): string {
  const safe = workerId.normalize("NFKC").replace(/[^A-Za-z0-9_]/g, "_");
  return /^[0-9]/.test(safe) ? `n_${safe}` : safe;
}

/** The first `length` hex digits of the SHA-256 of a text. */
export function shortHash(text: string, length = 6): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** The longest tool name that MCP clients and the conformance suite accept. */
export const maxToolNameLength = 64;

/**
 * A name every MCP client takes, for one that some of them refuse: other signs become `_`, and it ends in a hash of the
 * original. A name that fits stays as it is.
 */
export function fittingToolName(name: string): string {
  if (/^[A-Za-z0-9_./-]{1,64}$/.test(name)) return name;
  return `${name.replace(/[^A-Za-z0-9_.-]/g, "_").slice(0, maxToolNameLength - 7)}_${shortHash(name)}`;
}

/** Joins prefix and tool name; a name over 64 characters is cut and ends in a hash of the whole. */
export function namespacedTool(prefix: string, tool: string): string {
  const whole = `${prefix.replace(/[^A-Za-z0-9_.-]/g, "_")}_${/^[0-9]/.test(tool) ? "n_" : ""}${tool.replace(/[^A-Za-z0-9_]/g, "_")}`;
  return whole.length <= maxToolNameLength
    ? whole
    : `${whole.slice(0, maxToolNameLength - 7)}_${shortHash(whole)}`;
}

/** SHA-256 over canonical JSON (keys sorted), hex. Two equal values have one digest whatever their key order. */
export function digest(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** JSON with sorted keys and no white space (RFC 8785 for the values we store). */
export function canonicalJson(value: unknown): string {
  return canonical(value) ?? "null";
}

/** What JSON writes as it is, between quotes. */
const plain = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Undefined for what JSON leaves out. Text is joined as it is found: to sort objects first takes three times as long. */
function canonical(value: unknown): string | undefined {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item) ?? "null").join(",")}]`;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  let text = "";
  for (const key of Object.keys(fields).toSorted()) {
    const inner = canonical(fields[key]);
    if (inner !== undefined) text += `${text === "" ? "" : ","}${quoted(key)}:${inner}`;
  }
  return `{${text}}`;
}
