import { redact } from "@parley/exec";

const names =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)S?(?:_|$)|(?:^|_)(?:KEY|PASS|PWD|AUTH|COOKIE|PAT|JWT)$/;
/** Names that point at a secret rather than hold one, and the working directories of a shell. */
const harmless = /_(?:FILE|PATH|DIR|SOCK)$|^(?:OLD)?PWD$/;

/** Whether a variable looks as if it held a secret: by its name, or by its value. */
export function looksSecret(name: string, value: string): boolean {
  const upper = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
  return (names.test(upper) && !harmless.test(upper)) || redact(value) !== value;
}

const longest = 4000;

function shorten(text: string): string {
  const shown = redact(text);
  return shown.length <= longest
    ? shown
    : `${shown.slice(0, longest)}... (${String(shown.length - longest)} more characters)`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Most entries of one list or object that are shown. */
const most = 500;

/**
 * A copy of what Flux says of a job that can be shown: variables that look secret are hidden, what looks secret in
 * other texts too, long texts are cut, and long lists end early.
 */
export function showable(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return shorten(value);
  if (depth > 40) return "...";
  if (Array.isArray(value)) return value.slice(0, most).map((item) => showable(item, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, most)
      .map(([name, item]) => [
        name,
        typeof item === "string" && looksSecret(name, item) ? "[redacted]" : showable(item, depth + 1),
      ]),
  );
}
