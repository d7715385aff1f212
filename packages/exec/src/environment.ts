const passedOn = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR"] as const;

/**
 * The environment a program gets: PATH, HOME, USER, LOGNAME, LANG, TZ and TMPDIR of `source`, `LC_ALL=C` so
 * that its messages can be parsed, then `extra`. Nothing else of `source` is passed on.
 * @param extra - such as `SLURM_CONF`; an `undefined` value removes the variable.
 */
export function baseEnvironment(
  source: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const merged = {
    ...Object.fromEntries(passedOn.map((name) => [name, source[name]])),
    LC_ALL: "C",
    ...extra,
  };
  const present = Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(present);
}
