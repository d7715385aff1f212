import type { Filled } from "./definitions.ts";

/**
 * Suggests values for one argument: a list, of which those that begin with what was typed are offered, or a function
 * that chooses for itself.
 */
export type Completer =
  | readonly string[]
  | ((typed: string, filled: Filled) => Promise<readonly string[]> | readonly string[]);

/** Completes by name; names without a completer have no suggestions. */
export function completeBy(
  completers: Readonly<Record<string, Completer | undefined>>,
): (name: string, typed: string, filled: Filled) => Promise<readonly string[]> {
  return async (name, typed, filled) => {
    const completer = Object.hasOwn(completers, name) ? completers[name] : undefined;
    if (completer === undefined) return [];
    if (typeof completer === "function") return await completer(typed, filled);
    const start = typed.toLowerCase();
    return completer.filter((value) => value.toLowerCase().startsWith(start));
  };
}
