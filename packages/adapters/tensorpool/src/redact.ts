/** Hides secrets in text. */
export type Redact = (text: string) => string;

const hidden = "[redacted]";

// Every repetition is bounded: the text is untrusted and may be long.
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer\s{1,8})[\w.~+/=-]{4,4096}/gi, `$1${hidden}`],
  [/(TENSORPOOL_(?:API_)?KEY["']?\s{0,4}[=:]\s{0,4}["']?)[^\s"',}]{1,4096}/g, `$1${hidden}`],
  [/(secret[ _]access[ _]key["']?\s{0,4}[=:]\s{0,16}["']?)[^\s"',}]{1,4096}/gi, `$1${hidden}`],
  [
    /(https?:\/\/[^\s?"']{1,2048}\?)[^\s"']{0,8192}(?:signature|token|credential)=[^\s"']{0,8192}/gi,
    `$1${hidden}`,
  ],
  [/-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]{0,16384}(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?/g, hidden],
];

/** Hides the given values, and what looks like a key, a bearer token, a signed address or a private key. */
export function createRedact(secrets: readonly (string | undefined)[]): Redact {
  const known = secrets.filter((secret) => secret !== undefined && secret.length >= 4);
  return (text) => {
    const without = known.reduce<string>((shown, secret) => shown.replaceAll(secret ?? "", hidden), text);
    return patterns.reduce((shown, [pattern, to]) => shown.replace(pattern, to), without);
  };
}
