import type { OptionTable, Origin, Settled } from "@parley/cli";
import { longFlag } from "@parley/cli";
import { ParleyError } from "@parley/core";
import { readSetting } from "./read-setting.ts";

const rank: Readonly<Record<Origin, number>> = { flag: 3, environment: 2, file: 1, default: 0 };

/** An option that holds a secret beside the one that names a file with it. */
export interface SecretOptions<Table extends OptionTable> {
  readonly table: Table;
  readonly settled: { readonly [Key in keyof Table]: Settled };
  readonly direct: keyof Table & string;
  readonly inFile: keyof Table & string;
}

/**
 * The secret itself: whichever of the two was given at the higher level, as for any option.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` when both were given at one level, or the file has none
 */
export async function readSecret<Table extends OptionTable>(
  options: SecretOptions<Table>,
): Promise<string | undefined> {
  const { table, settled, direct, inFile } = options;
  const [own, other] = [settled[direct], settled[inFile]];
  const [ownDefinition, otherDefinition] = [table[direct], table[inFile]];
  const text = typeof own?.value === "string" ? own.value : undefined;
  if (own === undefined || other === undefined || typeof other.value !== "string") return text;
  if (text !== undefined && rank[own.origin] > rank[other.origin]) return text;
  if (text !== undefined && own.origin === other.origin) {
    const both = [...own.from, ...other.from].join(" and ");
    throw new ParleyError("E_CONFIG_INVALID", `Two secrets are given, by ${both}: keep one.`);
  }
  const flag = otherDefinition ? longFlag(otherDefinition) : inFile;
  const found = (await readSetting(other.value, flag)).trim();
  if (found !== "" && ownDefinition) return found;
  throw new ParleyError("E_CONFIG_INVALID", `${flag} ${other.value}: the file is empty.`);
}

/** What to tell whoever gave a secret where every user of the machine can read it. */
export function secretWarnings<Table extends OptionTable>(
  table: Table,
  settled: { readonly [Key in keyof Table]: Settled },
): readonly string[] {
  return Object.entries(table).flatMap(([key, definition]) => {
    if (definition.secret !== true || settled[key]?.origin !== "flag") return [];
    const flag = longFlag(definition);
    const variable = definition.env?.[0];
    const instead = [...(variable === undefined ? [] : [`set ${variable}`]), `pass ${flag}-file`].join(
      " or ",
    );
    return [`${flag} is visible to every user of this machine in the process list: ${instead} instead.`];
  });
}
