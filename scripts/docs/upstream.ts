import { longFlag } from "@parley/cli";
import { startOptions } from "@parley/mcpserver";
import { documentedVariables } from "./environment.ts";
import { code, generatedNotice, markdownTable } from "./table.ts";
import { upstreamFlags, upstreamKeys, upstreamVariables } from "./upstream-names.ts";
import type { UpstreamName } from "./upstream-names.ts";

/** What became of one name; `here` is empty where nothing explains its absence. */
export interface Fate {
  readonly name: string;
  readonly here: string;
}

/** What became of every flag, variable and file key of the Python server. */
export async function upstreamFates(
  root: string,
): Promise<Readonly<Record<"flags" | "variables" | "keys", readonly Fate[]>>> {
  const options = Object.values(startOptions);
  const variables = await documentedVariables(root);
  const here = options.filter((one) => one.unavailable === undefined);
  const flags = new Set(here.flatMap((one) => [longFlag(one), ...(one.aliases ?? [])]));
  const later = new Map(options.map((one) => [longFlag(one), one.unavailable]));
  const keys = new Set(options.flatMap((one) => one.file ?? []));
  const fate =
    (known: (name: string) => boolean) =>
    (one: UpstreamName): Fate => {
      const { name, reason = later.get(name) ?? "" } = one;
      return { name, here: known(name) ? "kept" : reason };
    };
  return {
    flags: upstreamFlags.map(fate((name) => flags.has(name))),
    variables: upstreamVariables.map(fate((name) => variables.has(name))),
    keys: upstreamKeys.map(fate((name) => keys.has(name))),
  };
}

/** docs/reference/upstream.md: for who comes from the Python server. */
export async function upstreamPage(root: string): Promise<string> {
  const { flags, variables, keys } = await upstreamFates(root);
  return [
    generatedNotice,
    "",
    "# Coming from the Python server",
    "",
    "What became of its flags, variables and file keys. Names that are kept mean the same, with these differences: the",
    "port is 8000 for a hub and 8089 for anything else, the address is 127.0.0.1 until `--host` says otherwise, an unknown",
    "flag or key is an error, and lists of flags and file add up. Why: decision",
    "[26](../decisions/0026-options-of-the-python-server.md).",
    "",
    "## Flags of start",
    "",
    listed("Flag", flags),
    "",
    "## Variables",
    "",
    listed("Variable", variables),
    "",
    "## Keys of the YAML file",
    "",
    listed("Key", keys),
    "",
  ].join("\n");
}

function listed(title: string, fates: readonly Fate[]): string {
  return markdownTable(
    [title, "Here"],
    fates.map(({ name, here }) => [code(name), here]),
  );
}
