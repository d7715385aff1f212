import { redact } from "@parley/exec";

/** What stands where a secret stood. */
const hidden = "[redacted]";

const maxText = 200;
/** Enough of a long text to recognise a credential that the cut would otherwise halve. */
const maxScanned = 4096;
const maxItems = 50;
const maxDepth = 8;
const maxNodes = 1000;

const secretWords = new Set(
  `apikey auth authorization bearer cookie cookies credential credentials jwt key keys otp passphrase passwd
  password passwords pin private pwd secret secrets signature token tokens`.split(/\s+/),
);

/** Names looked at before: calls come with the same few, and a name is no secret itself. */
const judged = new Map<string, boolean>();
const maxJudged = 1000;

/** Whether a key's name says that its value is a secret: one of its words is among those that mean one. */
function isSecretKey(key: string): boolean {
  const known = judged.get(key);
  if (known !== undefined) return known;
  const isSecret = saysSecret(key);
  if (key.length > maxText) return isSecret;
  if (judged.size >= maxJudged) judged.clear();
  judged.set(key, isSecret);
  return isSecret;
}

function saysSecret(key: string): boolean {
  return key
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => secretWords.has(word));
}

/**
 * A copy for the record: values under secret keys and texts that look like credentials are hidden, long texts,
 * lists and mappings are cut, the structure stays.
 */
export function redactArgs(value: unknown): unknown {
  return shorten(value, { nodes: maxNodes }, 0);
}

/** A text without what looks like a credential, and of bounded length. */
export function redactText(text: string): string {
  const shown = redact(text.slice(0, maxScanned));
  return shown.length <= maxText ? shown : `${shown.slice(0, maxText)}… (${text.length} characters)`;
}

interface Budget {
  nodes: number;
}

function shorten(value: unknown, budget: Budget, depth: number): unknown {
  budget.nodes -= 1;
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= maxDepth || budget.nodes <= 0) return "[cut]";
  if (Array.isArray(value)) return shortenList(value, budget, depth);
  return shortenMapping(value, budget, depth);
}

function shortenList(list: readonly unknown[], budget: Budget, depth: number): unknown[] {
  const shown = list.slice(0, maxItems).map((item, index) =>
    // `["--token", "x"]`: the word before says what this one is.
    isSecretFlag(list[index - 1]) && typeof item === "string" ? hidden : shorten(item, budget, depth + 1),
  );
  return list.length <= maxItems ? shown : [...shown, `… (${list.length} items)`];
}

function shortenMapping(mapping: object, budget: Budget, depth: number): Record<string, unknown> {
  const keys = Object.keys(mapping);
  const names = namesSecret(mapping);
  const shown: Record<string, unknown> = {};
  const show = (key: string, value: unknown): void => {
    // A key of that name would be taken for the prototype.
    if (key === "__proto__") Object.defineProperty(shown, key, { value, enumerable: true });
    else shown[key] = value;
  };
  for (const key of keys.slice(0, maxItems)) {
    const value: unknown = Reflect.get(mapping, key);
    const isSecret = isSecretKey(key) || (names && key === "value");
    show(redactText(key), isSecret ? hide(value) : shorten(value, budget, depth + 1));
  }
  if (keys.length > maxItems) shown["…"] = `${keys.length} keys`;
  return shown;
}

/** Numbers, texts and what is inside lists and mappings; yes, no and nothing are no secrets. */
function hide(value: unknown): unknown {
  return value === null || value === undefined || typeof value === "boolean" ? value : hidden;
}

/** `{ name: "API_TOKEN", value: "x" }`, as lists of variables are written. */
function namesSecret(mapping: object): boolean {
  return isSecretName(Reflect.get(mapping, "name")) || isSecretName(Reflect.get(mapping, "key"));
}

function isSecretName(name: unknown): boolean {
  return typeof name === "string" && saysSecret(name);
}

function isSecretFlag(word: unknown): boolean {
  return typeof word === "string" && word.startsWith("-") && !word.includes("=") && isSecretKey(word);
}
