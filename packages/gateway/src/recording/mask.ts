import { redact } from "@parley/exec";
import type { GatewayKey, GatewayServer } from "../config/gateway-config.ts";

/** A copy without secrets. */
export interface Mask {
  text(text: string): string;
  /** Keys of objects say what is a secret; all other text is looked through. */
  value(value: unknown): unknown;
}

const hidden = "[redacted]";
/** Shorter values stand in other texts by chance. */
const minLength = 6;
const maxDepth = 64;

const secretName =
  /(?:^|[^a-z])(?:pass(?:word|wd|phrase)?|pwd|secrets?|api-?key|auth(?:orization)?|bearer|cookie|credentials?|private-?key|(?:access|refresh|id|auth|api|session|bearer)-?token|token|jwt)$/;

/** Whether what is called so is a secret: `password`, `API_KEY`, `accessToken`; not `max_tokens` or `key`. */
function isSecretName(name: string): boolean {
  const words = name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return secretName.test(words);
}

/** @param secrets - values that are known to be some; they are hidden wherever they stand */
export function createMask(secrets: readonly string[]): Mask {
  // The longest first, so that one that holds another is hidden whole.
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= minLength)
    .toSorted((left, right) => right.length - left.length);
  const text = (given: string): string =>
    redact(known.reduce((shown, secret) => shown.replaceAll(secret, hidden), given));
  const value = (given: unknown, depth: number): unknown => {
    if (typeof given === "string") return text(given);
    if (typeof given !== "object" || given === null) return given;
    if (depth >= maxDepth) return hidden;
    if (Array.isArray(given)) return given.map((item) => value(item, depth + 1));
    return Object.fromEntries(
      Object.entries(given).map(([key, inner]) => [
        key,
        isSecretName(key) && typeof inner === "string" && inner !== "" ? hidden : value(inner, depth + 1),
      ]),
    );
  };
  return { text, value: (given) => value(given, 0) };
}

/** What of a configuration is a secret: keys, headers, variables, arguments and parameters by their names. */
export function secretsOf(servers: readonly GatewayServer[], keys: readonly GatewayKey[]): readonly string[] {
  return [...keys.map(({ key }) => key), ...servers.flatMap(secretsOfServer)];
}

/** Headers that hold no secret whatever they are called. */
const plainHeader = /^(?:accept|content-type|user-agent|x-mcp-[a-z-]*)$/i;

function secretsOfServer({ connection }: GatewayServer): readonly string[] {
  if (connection.kind === "stdio") {
    const { env, args } = connection;
    const variables = Object.entries(env).flatMap(([name, value]) => (isSecretName(name) ? [value] : []));
    return [...variables, ...args.flatMap((word, index) => secretsOfWord(word, args[index - 1]))];
  }
  const { headers, url } = connection;
  const { searchParams } = new URL(url);
  const queried = [...searchParams].flatMap(([name, value]) => (isSecretName(name) ? [value] : []));
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    plainHeader.test(name) ? [] : [value, value.replace(/^(?:bearer|basic)\s+/i, "")],
  );
  return [...sent, ...queried];
}

/** `--token=x`, `TOKEN=x`, and what follows `--token`. */
function secretsOfWord(word: string, before: string | undefined): readonly string[] {
  const [, name = "", value = ""] = /^-*([\w.-]+)=(.+)$/s.exec(word) ?? [];
  const isNamed = before?.startsWith("-") === true && isSecretName(before) && !word.startsWith("-");
  return [...(isSecretName(name) ? [value] : []), ...(isNamed ? [word] : [])];
}
