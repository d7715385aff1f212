import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** What is kept of a token: everything but the token. */
export const TokenEntry = z.strictObject({
  /** The public part of the token, by which its entry is found. */
  id: z.string().regex(/^[0-9a-f]{12}$/),
  /** Who holds it, in logs and audit. Names the server uses itself are refused. */
  name: z
    .string()
    .regex(
      /^(?!(?:anonymous|hub|stdio|token)$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
      "must be 1 to 63 letters, digits, dots, dashes or underscores, and not anonymous, hub, stdio or token",
    ),
  scopes: z.array(z.enum(["read", "negotiate", "dispatch", "admin"])).readonly(),
  /** `sha256:SALT:DIGEST`, both base64url; the digest is over salt and token. */
  hash: z.string().regex(/^sha256:[\w-]{22}:[\w-]{43}$/),
  createdAt: z.iso.datetime(),
  /** From then on the token is refused; absent means never. */
  expiresAt: z.iso.datetime().optional(),
  /** From then on the token is refused; the entry stays for the record. */
  revokedAt: z.iso.datetime().optional(),
});
export type TokenEntry = z.infer<typeof TokenEntry>;

/** A token file: the entries, ids and names unique. */
export const TokenList = z.strictObject({
  version: z.literal(1),
  tokens: z
    .array(TokenEntry)
    .readonly()
    .refine((tokens) => areUnique(tokens.map(({ id }) => id)), "two tokens share an id")
    .refine((tokens) => areUnique(tokens.map(({ name }) => name)), "two tokens share a name"),
});
export type TokenList = z.infer<typeof TokenList>;

/** The id inside a token of this form, or nothing when it is no such token. */
export function tokenId(token: string): string | undefined {
  return /^parley_([0-9a-f]{12})_[\w-]{43}$/.exec(token)?.[1];
}

/** Draws bytes that nobody can guess. */
export type RandomBytes = (size: number) => Buffer;

/** A new token, `parley_ID_SECRET` with 256 random bits, and what to keep of it. */
export function makeToken(random: RandomBytes = randomBytes): { id: string; token: string; hash: string } {
  const id = random(6).toString("hex");
  const token = `parley_${id}_${random(32).toString("base64url")}`;
  const salt = random(16).toString("base64url");
  return { id, token, hash: `sha256:${salt}:${digest(salt, token).toString("base64url")}` };
}

/** Whether a token is the one an entry was made for, in constant time. */
export function isTokenOf(entry: Pick<TokenEntry, "hash">, token: string): boolean {
  const [, salt = "", kept = ""] = entry.hash.split(":");
  const expected = Buffer.from(kept, "base64url");
  const given = digest(salt, token);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function digest(salt: string, token: string): Buffer {
  return createHash("sha256").update(salt).update(token).digest();
}

function areUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
