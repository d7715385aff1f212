import { longFlag } from "./option.ts";
import type { OptionTable, Origin } from "./option.ts";
import type { Settled } from "./settle.ts";

/** One setting as it may be shown: secrets are masked. */
export interface ShownSetting {
  /** The long flag. */
  readonly setting: string;
  /** Absent when nothing is set and there is no default. */
  readonly value?: unknown;
  readonly origin: Origin;
  readonly from: readonly string[];
  readonly problem?: string | undefined;
}

const mask = "***";

/**
 * What a command would run with, one row an option. Secrets and passwords inside addresses are masked.
 * `effective` are values that the program computes where nothing was given.
 */
export function showSettings<Table extends OptionTable>(
  table: Table,
  settled: { readonly [Key in keyof Table]: Settled },
  effective: { readonly [Key in keyof Table]?: unknown } = {},
): readonly ShownSetting[] {
  return Object.entries(table)
    .filter(([key, { hidden, unavailable }]) => {
      const isOddity = hidden === true || unavailable !== undefined;
      return !isOddity || settled[key]?.origin !== "default";
    })
    .map(([key, definition]) => {
      const { value: given, origin = "default", from = [], problem } = settled[key] ?? {};
      const value = given ?? effective[key] ?? definition.initialText;
      const shown = definition.secret === true && value !== undefined ? mask : withoutPasswords(value);
      return {
        setting: longFlag(definition),
        ...(problem !== undefined || shown === undefined ? {} : { value: shown }),
        origin,
        from,
        ...(problem === undefined ? {} : { problem: problem.message }),
      };
    });
}

/** Masks `user:password@` in addresses, however deep. */
function withoutPasswords(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(/(\/\/[^/\s:@]*):[^/\s@]*@/g, `$1:${mask}@`);
  if (Array.isArray(value)) return value.map(withoutPasswords);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutPasswords(inner)]));
}
