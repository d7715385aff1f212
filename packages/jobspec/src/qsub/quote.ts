/** Quotes a value for a `#PBS` or `#MSUB` line; `undefined` when no quoting says it. */
export function quoteForQsub(value: string): string | undefined {
  if (/^[\w@%+=:,./[\]^${}~-]+$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return /["\\$`]/.test(value) ? undefined : `"${value}"`;
}

/** A name qsub takes: letters, digits and `_.+-`, a letter or digit first. */
export function qsubName(name: string): string {
  const plain = name.replaceAll(/[^\w.+-]/g, "_");
  return /^[A-Za-z0-9]/.test(plain) ? plain : `j${plain}`;
}
