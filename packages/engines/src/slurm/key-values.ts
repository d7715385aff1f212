/**
 * Reads a line of `scontrol -o`. Values may hold spaces (`OS=`, `Reason=`), and text a user chose comes late in
 * the line, so the first occurrence of a key counts.
 */
export function parseKeyValues(line: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const match of line.trim().matchAll(/(?:^|\s)([A-Za-z][\w:/]*)=(.*?)(?=\s[A-Za-z][\w:/]*=|$)/g)) {
    const [, key = "", value = ""] = match;
    if (!values.has(key)) values.set(key, value.trim());
  }
  return values;
}

/** Slurm's words for "nothing". */
export function present(value: string | undefined): string | undefined {
  return value === undefined || ["", "(null)", "N/A", "n/a", "None", "NONE", "Unknown"].includes(value)
    ? undefined
    : value;
}

/** A whole number; `undefined` for `UNLIMITED`, `N/A` and the like. */
export function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
