const hidden = "[redacted]";

// Every repetition is bounded or cannot overlap its neighbour: the text is untrusted and may be long.
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)(\s{1,8})[\w.~+/=-]{4,}/gi, `$1$2${hidden}`],
  [/(:\/\/[^\s:/@]{0,128}:)[^\s/@]{1,512}@/g, `$1${hidden}@`],
  [
    /((?:key|token|passw(?:or)?d|passphrase|secret|credentials?)["']?\s{0,4}[=:]\s{0,4})("[^"\n]{0,4096}"|'[^'\n]{0,4096}'|[^\s"',;&]{1,4096})/gi,
    `$1${hidden}`,
  ],
  [/(--?[a-z-]{0,32}(?:key|token|password|secret)\s{1,4})(?!-)[^\s"',;]{1,4096}/gi, `$1${hidden}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, hidden],
  [/\b(?:sk|pk|ghp|gho|ghs|ghu|ghr|github_pat|xox[abprs]|glpat|hf)[-_][\w-]{12,}/g, hidden],
  [
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}|\bnpm_[A-Za-z0-9]{36}\b|\bparley_[0-9a-f]{12}_[\w-]{43}/g,
    hidden,
  ],
  [/-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]{0,16384}(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?/g, hidden],
];

/** What each of the patterns needs at least: most text has none of it, and is looked at once instead of eight times. */
const suspicious =
  /bearer|basic|:\/\/|key|token|passw|passphrase|secret|credential|eyj|(?:sk|pk|gh[porsu]|github_pat|xox[abprs]|glpat|hf)[-_]|akia|asia|aiza|npm_|parley_|private key/i;

/**
 * Hides what looks like a secret: bearer and basic credentials, `key=`, `token=`, `password=` and their like,
 * passwords in addresses, JSON web tokens, private keys and well-known token prefixes.
 */
export function redact(text: string): string {
  if (!suspicious.test(text)) return text;
  return patterns.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text);
}
