import type { JWTPayload } from "jose";

/** Where a token says what its bearer may do. */
export interface ScopeClaims {
  /** Dotted place of the claim, such as `realm_access.roles`; absent: `scope`, then `scp`. */
  readonly claim?: string | undefined;
  /** What the issuer puts before our scope names, such as `parley:`. */
  readonly prefix: string;
  /** Our scope names. */
  readonly known: ReadonlySet<string>;
}

/** The scopes of ours that a token carries; others are left out. */
export function scopesOf(claims: JWTPayload, { claim, prefix, known }: ScopeClaims): ReadonlySet<string> {
  const raw = claim === undefined ? (claims["scope"] ?? claims["scp"]) : lookUp(claims, claim);
  const words = wordsOf(raw)
    .filter((word) => word.startsWith(prefix))
    .map((word) => word.slice(prefix.length));
  return new Set(words.filter((word) => known.has(word)));
}

/** A claim whose own name has dots, as names that are addresses do, is found before a nested one. */
function lookUp(claims: JWTPayload, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim];
  return claim
    .split(".")
    .reduce<unknown>(
      (value, part) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, part)
          ? Reflect.get(value, part)
          : undefined,
      claims,
    );
}

function wordsOf(raw: unknown): readonly string[] {
  if (typeof raw === "string") return raw.split(/\s+/);
  return Array.isArray(raw) ? raw.filter((item) => typeof item === "string") : [];
}
