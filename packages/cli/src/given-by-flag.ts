import { longFlag } from "./option.ts";
import type { Option } from "./option.ts";

/** What the command line gave for an option, under its own flag or an alias. */
export function givenByFlag(
  definition: Option<unknown>,
  flags: Readonly<Record<string, unknown>>,
): { readonly flag: string; readonly raw: unknown } | undefined {
  const spellings = [longFlag(definition), ...(definition.aliases ?? [])];
  for (const flag of spellings) {
    const raw = rawValue(flag, flags);
    if (raw !== undefined) return { flag: raw === false ? flag.replace(/^--/, "--no-") : flag, raw };
  }
  return undefined;
}

/** commander keeps `--no-logs` as `logs: false`; an option that is itself spelled so is then `true`. */
function rawValue(flag: string, flags: Readonly<Record<string, unknown>>): unknown {
  const negative = flag.startsWith("--no-");
  const key = flag
    .slice(negative ? 5 : 2)
    .replace(/-([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
  if (!negative) return flags[key];
  return flags[key] === false ? true : undefined;
}
