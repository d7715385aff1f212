import { createHash } from "node:crypto";

/** The longest encoded name that leaves room for suffixes within the 255 bytes file systems allow. */
const maxEncoded = 180;

/**
 * A file name for any text: lower-case letters, digits, `_`, `-` and inner dots stay, every other byte of the
 * UTF-8 form becomes `%xx`, and a long name becomes `~` and its SHA-256. Safe where file names ignore case.
 */
export function encodeName(name: string): string {
  let encoded = "";
  for (const byte of Buffer.from(name)) {
    const character = String.fromCodePoint(byte);
    const keep = /[a-z0-9_-]/.test(character) || (character === "." && encoded !== "");
    encoded += keep ? character : `%${byte.toString(16).padStart(2, "0")}`;
    if (encoded.length > maxEncoded) return `~${createHash("sha256").update(name).digest("hex")}`;
  }
  return encoded;
}

/** Whether the name was too long to be kept in its file's name. */
export function isHashed(encoded: string): boolean {
  return /^~[0-9a-f]{64}$/.test(encoded);
}

/** The text behind a file name; `undefined` when {@link encodeName} did not make it. */
export function decodeName(encoded: string): string | undefined {
  const bytes = Buffer.from(
    encoded.replace(/%([0-9a-f]{2})/g, (_whole, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    ),
    "latin1",
  );
  const name = bytes.toString("utf8");
  return name !== "" && encodeName(name) === encoded ? name : undefined;
}
