const words = new Set([
  "password",
  "passwd",
  "passphrase",
  "secret",
  "secrets",
  "token",
  "credential",
  "credentials",
  "apikey",
  "privatekey",
  "accesskey",
]);
/** Words that make the word before them harmless, such as the path of a token's file. */
const about = /^(?:file|path|dir|name|id|url|mount|length|ttl|type|count)$/;

/** Whether a variable of that name is meant to hold a secret, such as `HF_TOKEN`, and not where one is kept. */
export function looksSecret(name: string): boolean {
  const parts = name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((part) => part !== "");
  if (about.test(parts.at(-1) ?? "")) return false;
  const pairs = parts.slice(1).map((part, at) => `${parts[at] ?? ""}${part}`);
  return [...parts, ...pairs].some((part) => words.has(part));
}
