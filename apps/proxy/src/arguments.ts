/** A command line cut at its first `--`. */
export interface SplitArguments {
  readonly own: readonly string[];
  /** The program to start with its arguments, or an address; absent without `--`. */
  readonly upstream: readonly string[] | undefined;
}

/** What follows `--` is another program's: no flag of it is looked at. */
export function splitArguments(argv: readonly string[]): SplitArguments {
  const cut = argv.indexOf("--");
  if (cut < 0) return { own: argv, upstream: undefined };
  return { own: argv.slice(0, cut), upstream: argv.slice(cut + 1) };
}
