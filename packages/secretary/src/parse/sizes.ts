import { amount, readAmount } from "./quantity.ts";

const gibibytes: Readonly<Record<string, number>> = {
  k: 2 ** -20,
  m: 2 ** -10,
  g: 1,
  t: 1024,
  p: 1_048_576,
  e: 2 ** 30,
};

/** The source of a pattern for a size of memory or storage: two groups, number and unit. GB counts as GiB. */
export const size = `(${amount})(?:\\+ ?|[ -]?)(go(?= (?:of|de|ram|memory)(?![\\w]))|kib|mib|gib|tib|pib|kb|mb|gb|tb|pb|ki|mi|gi|ti|pi|g|t|m|kilobytes?|megabytes?|gigabytes?|terabytes?|petabytes?|gigs?|gibibytes?|tebibytes?|mebibytes?)`;

/** Reads number and unit as GiB; a bare number has the unit `fallback`. */
export function toGibibytes(
  number: string | undefined,
  unit: string | undefined,
  fallback?: string,
): number | undefined {
  const value = readAmount(number);
  const factor = gibibytes[(unit ?? fallback ?? "").charAt(0).toLowerCase()];
  return value === undefined || factor === undefined ? undefined : value * factor;
}

/** Reads a size written as one word, `256G` or `4096`, as GiB. */
export function readGibibytes(words: string, fallback: string): number | undefined {
  const [whole, number, unit] = /^([\d.,]{1,20})([a-z]{0,9})$/i.exec(words) ?? [];
  return whole === undefined ? undefined : toGibibytes(number, unit === "" ? undefined : unit, fallback);
}
