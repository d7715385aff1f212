import { createHash } from "node:crypto";

/** A stream of numbers in [0, 1), the same for the same seed on every machine. */
export type Random = () => number;

/**
 * A reproducible random stream named by text: SHA-256 of the name seeds sfc32.
 * @see https://pracrand.sourceforge.net/RNG_engines.txt (sfc32)
 */
export function seededRandom(...names: readonly string[]): Random {
  const seed = createHash("sha256").update(names.join("\u0000")).digest();
  let a = seed.readUInt32LE(0);
  let b = seed.readUInt32LE(4);
  let c = seed.readUInt32LE(8);
  let counter = seed.readUInt32LE(12) | 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}
