import { longFlag } from "@parley/cli";
import { programExports } from "./modules.ts";
import { foreign } from "./foreign-variables.ts";
import type { Other } from "./foreign-variables.ts";
import { code, generatedNotice, markdownTable } from "./table.ts";

interface Setting {
  readonly flags: string;
  readonly description: string;
  readonly env: readonly string[];
  readonly file?: string;
  readonly initial?: unknown;
  readonly initialText?: string;
  readonly secret?: boolean;
}

/** Variables that Parley reads of itself and that no server flag sets. Named here, a client's option of that name is not listed again. */
const own: readonly Other[] = [
  { name: "PARLEY_DEBUG", meaning: "any value: errors are followed by their stack" },
];

/** Every variable the reference page lists. */
export async function documentedVariables(root: string): Promise<ReadonlySet<string>> {
  const settings = await loadSettings(root);
  return new Set([...settings.flatMap(({ env }) => env), ...[...own, ...foreign].map(({ name }) => name)]);
}

/** docs/reference/env.md: every variable the programs read. */
export async function environmentPage(root: string): Promise<string> {
  const settings = await loadSettings(root);
  const rows = settings.map((setting) => [
    setting.env.map((name) => code(name)).join(", "),
    setting.description,
    code(longFlag(setting)),
    code(setting.file ?? ""),
    initial(setting),
  ]);
  return [
    generatedNotice,
    "",
    "# Environment",
    "",
    "A flag outranks its variable, the variable the configuration file. Where two names are given the first wins; the",
    "others are accepted spellings. An empty variable counts as absent. No program of Parley reads a `.env` file on its",
    "own: `node --env-file=.env` or the shell does.",
    "",
    "## Settings",
    "",
    markdownTable(["Variable", "Meaning", "Flag", "File key", "Default"], rows),
    "",
    "## Without a flag",
    "",
    listed(own),
    "",
    "## Of the machine and of other programs",
    "",
    listed(foreign),
    "",
  ].join("\n");
}

function listed(others: readonly Other[]): string {
  return markdownTable(
    ["Variable", "Meaning"],
    others.map(({ name, meaning }) => [code(name), meaning]),
  );
}

/** .env.example: every setting, commented out, with what it means. */
export async function environmentExample(root: string): Promise<string> {
  const settings = await loadSettings(root);
  const first = new Map(settings.map((setting) => [setting.env[0] ?? "", setting]));
  const options = [...first].flatMap(([name, setting]) => {
    const value = setting.secret === true ? "" : plainInitial(setting);
    return [`# ${sentence(setting.description)}`, `#${name}=${value}`, ""];
  });
  return [
    "# Settings of Parley as environment variables. Copy to .env, remove the # of what you set, and load it with",
    "# `set -a; . ./.env; set +a`. Keep secrets out of version control: .env is ignored by git.",
    "",
    ...own.flatMap(({ name, meaning }) => [`# ${sentence(meaning)}`, `#${name}=`, ""]),
    ...options,
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}

/** Every option with a variable, of every table the apps export, once per first variable. */
async function loadSettings(root: string): Promise<readonly Setting[]> {
  const found = new Map<string, Setting>();
  for (const [, table] of await programExports(root, "options")) {
    for (const candidate of valuesOf(table).flatMap((value) =>
      isSetting(value) ? value : valuesOf(value),
    )) {
      if (isSetting(candidate) && !found.has(candidate.env[0] ?? "") && !isOwn(candidate))
        found.set(candidate.env[0] ?? "", candidate);
    }
  }
  return [...found.entries()]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, setting]) => setting);
}

/** Some tables are of commands, each with a table of its own. */
function valuesOf(table: unknown): readonly unknown[] {
  return typeof table === "object" && table !== null ? Object.values(table) : [];
}

function isOwn({ env }: Setting): boolean {
  return own.some(({ name }) => name === env[0]);
}

function isSetting(value: unknown): value is Setting {
  return (
    typeof value === "object" &&
    value !== null &&
    "flags" in value &&
    "env" in value &&
    Array.isArray(value.env)
  );
}

function initial(setting: Setting): string {
  return setting.initialText ?? code(plainInitial(setting));
}

function plainInitial({ initial: value }: Setting): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
