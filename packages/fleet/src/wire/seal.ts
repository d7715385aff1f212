import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const context = "parley worker credential";

/**
 * Encrypts a short secret for the store with a key derived from the hub's join secret
 * (HKDF-SHA-256, RFC 5869; AES-256-GCM).
 */
export function seal(secret: string, joinSecret: string): string {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyFrom(joinSecret, salt), nonce);
  const body = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), body]).toString("base64url");
}

/** Reads what {@link seal} wrote; `undefined` when the join secret is another one or the text was changed. */
export function unseal(sealed: string, joinSecret: string): string | undefined {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length < 44) return undefined;
  const decipher = createDecipheriv(
    "aes-256-gcm",
    keyFrom(joinSecret, bytes.subarray(0, 16)),
    bytes.subarray(16, 28),
  );
  decipher.setAuthTag(bytes.subarray(28, 44));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(44)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

function keyFrom(joinSecret: string, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", joinSecret, salt, context, 32));
}
