const powers: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4, p: 5, e: 6 };

/**
 * Reads `4G`, `512mb`, `100 KiB`, `2Gi`: powers of 1024, as schedulers count.
 * @param bareUnit - of a number alone, `m` for Slurm and LSF, `` for PBS.
 * @returns bytes; `undefined` for anything else, and for words of eight bytes (`mw`).
 */
export function readMemory(text: string, bareUnit: "" | "k" | "m"): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgtpe]?)(i?b?)$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, amount, letter = "", tail = ""] = match;
  const unit = letter === "" && tail === "" ? bareUnit : letter.toLowerCase();
  const bytes = Math.ceil(Number(amount) * 1024 ** (powers[unit] ?? 0));
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/** Reads a Kubernetes quantity: `4Gi` counts in 1024, `4G` in 1000, `1e9` and plain numbers are bytes. */
export function readQuantity(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?(?:[eE]\d+)?)([kKMGTPE]i?|m)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, amount, suffix = ""] = match;
  const base = suffix.endsWith("i") ? 1024 : 1000;
  const factor = suffix === "m" ? 0.001 : base ** (powers[suffix.charAt(0).toLowerCase()] ?? 0);
  const value = Number(amount) * factor;
  return Number.isFinite(value) && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** Prints bytes exactly, in the largest power of 1024 that divides them. */
export function writeMemory(
  bytes: number,
  suffixes: readonly [string, string, string, string, string],
): string {
  const power = [4, 3, 2, 1, 0].find((power) => bytes % 1024 ** power === 0) ?? 0;
  return `${bytes / 1024 ** power}${suffixes[power] ?? ""}`;
}

/** Rounds up to whole units. */
export const roundUp = (bytes: number, unit: number): number => Math.ceil(bytes / unit) * unit;

export const kibibyte = 1024;
export const mebibyte = 1024 ** 2;
