import { longFlag } from "@parley/cli";
import { programExports } from "./modules.ts";
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

/** A variable no option has, with its reader. */
interface Other {
  readonly name: string;
  readonly meaning: string;
}

/** Variables that Parley reads of itself and that no server flag sets. Named here, a client's option of that name is not listed again. */
const own: readonly Other[] = [
  { name: "PARLEY_DEBUG", meaning: "any value: errors are followed by their stack" },
];

/** Variables of the machine and of other programs that Parley heeds. */
const foreign: readonly Other[] = [
  { name: "APPTAINER_CACHEDIR", meaning: "where Apptainer keeps images" },
  { name: "CH_IMAGE_STORAGE", meaning: "where Charliecloud keeps images" },
  { name: "CONDA_*", meaning: "handed to conda and mamba" },
  { name: "CONTAINERS_*", meaning: "handed to podman: its configuration and storage" },
  { name: "CONTAINER_*", meaning: "handed to podman: its service" },
  { name: "DOCKER_*", meaning: "handed to docker: its service and configuration" },
  { name: "FLUX_URI", meaning: "the Flux instance a worker or parley-flux speaks to" },
  { name: "FORCE_COLOR", meaning: "colour even when the output is no terminal" },
  { name: "HOME", meaning: "home directory: state and caches live under it" },
  { name: "LANG", meaning: "handed to the programs Parley runs" },
  { name: "LC_ALL", meaning: "set to `C` for every program Parley runs, so that output can be read" },
  { name: "LMOD_CMD", meaning: "the Lmod whose modules a worker reports" },
  { name: "LMOD_*", meaning: "handed to Lmod" },
  { name: "LOADEDMODULES", meaning: "handed to environment modules" },
  { name: "LOGNAME", meaning: "handed to the scheduler's commands" },
  { name: "MAMBA_*", meaning: "handed to conda and mamba" },
  { name: "MODULE*", meaning: "handed to environment modules" },
  { name: "MODULEPATH", meaning: "where environment modules are looked for" },
  { name: "MODULESHOME", meaning: "the environment modules a worker reports" },
  { name: "MODULES_CMD", meaning: "the environment modules a worker reports" },
  {
    name: "NOMAD_ADDR",
    meaning: "address of the Nomad agent: http, https or unix; default http://127.0.0.1:4646",
  },
  { name: "NOMAD_CACERT", meaning: "certificate authority of the Nomad agent (PEM file)" },
  { name: "NOMAD_CAPATH", meaning: "directory of certificate authorities of the Nomad agent" },
  { name: "NOMAD_CLIENT_CERT", meaning: "client certificate shown to the Nomad agent (PEM file)" },
  { name: "NOMAD_CLIENT_KEY", meaning: "key of that certificate (PEM file)" },
  { name: "NOMAD_CONFIG_DIR", meaning: "directory of job files that the Nomad tools may read" },
  { name: "NOMAD_HTTP_AUTH", meaning: "`user:password` for a proxy before the Nomad agent" },
  { name: "NOMAD_NAMESPACE", meaning: "namespace of calls that name none; default `default`" },
  { name: "NOMAD_REGION", meaning: "region of calls that name none" },
  { name: "NOMAD_SKIP_VERIFY", meaning: "`true`: the certificate of the Nomad agent is not verified" },
  { name: "NOMAD_TLS_SERVER_NAME", meaning: "name to expect in the certificate of the Nomad agent" },
  { name: "NOMAD_TOKEN", meaning: "ACL token for Nomad" },
  { name: "NO_COLOR", meaning: "any value: no colour (https://no-color.org)" },
  { name: "PATH", meaning: "where schedulers, containers and software are looked for" },
  { name: "PIP_*", meaning: "handed to pip" },
  { name: "PYTHON*", meaning: "handed to Python programs" },
  { name: "SINGULARITY_CACHEDIR", meaning: "where Singularity keeps images" },
  { name: "SLURM_CONF", meaning: "the Slurm cluster a worker speaks to" },
  { name: "SPACK_*", meaning: "handed to spack" },
  { name: "SSL_CERT_DIR", meaning: "directories of certificate authorities every client of ours trusts too" },
  { name: "SSL_CERT_FILE", meaning: "file of certificate authorities every client of ours trusts too" },
  { name: "SPACK_ROOT", meaning: "the Spack instance a worker reports" },
  { name: "TERM", meaning: "`dumb`: no colour" },
  { name: "TMPDIR", meaning: "local scratch a worker reports" },
  { name: "TZ", meaning: "handed to the scheduler's commands" },
  { name: "USER", meaning: "handed to the scheduler's commands" },
  { name: "VIRTUAL_ENV", meaning: "the Python environment whose packages a worker reports" },
  { name: "XDG_CONFIG_HOME", meaning: "handed to docker and podman" },
  { name: "XDG_DATA_HOME", meaning: "handed to docker and podman" },
  { name: "XDG_RUNTIME_DIR", meaning: "handed to docker and podman" },
  { name: "XDG_STATE_HOME", meaning: "base of the state directory instead of `~/.local/state`" },
  { name: "_LMFILES_", meaning: "handed to environment modules" },
  { name: "_ModuleTable*", meaning: "handed to Lmod" },
  { name: "__LMOD*", meaning: "handed to Lmod" },
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
    if (typeof table !== "object" || table === null) continue;
    for (const candidate of Object.values(table)) {
      if (isSetting(candidate) && !found.has(candidate.env[0] ?? "") && !isOwn(candidate))
        found.set(candidate.env[0] ?? "", candidate);
    }
  }
  return [...found.entries()]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, setting]) => setting);
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
