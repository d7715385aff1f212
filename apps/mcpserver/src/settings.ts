import { homedir, hostname } from "node:os";
import { join, resolve } from "node:path";
import { ParleyError, workerIdPattern } from "@parley/core";
import type { Policy, Prices } from "@parley/core";
import { openTrust, resolveOptions } from "@parley/cli";
import type { OptionValues, Trust } from "@parley/cli";
import { refuseHalfAccess, refuseOpenDoor } from "./access-checks.ts";
import { inspectSettings, recordOf, valuesOf } from "./config.ts";
import type { SettingsSources } from "./config.ts";
import { refuseIdleModel } from "./model-checks.ts";
import type { startOptions } from "./options.ts";
import { readSecret, secretWarnings } from "./secret-source.ts";

/** The resolved options plus what follows from them. */
export interface Settings extends OptionValues<typeof startOptions> {
  readonly role: "plain" | "hub" | "worker" | "dual";
  readonly bindHost: string;
  readonly bindPort: number;
  readonly stateDirectory: string;
  readonly siteId: string;
  readonly archetypeWanted: "any" | "hpc" | "cloud" | "standalone" | undefined;
  readonly bearerToken: string | undefined;
  /** Certificate authorities for hub and workers. */
  readonly trust: Trust;
  readonly prices: Prices | undefined;
  readonly policy: Policy | undefined;
  /** Values of the options that the program has beside ours. */
  readonly own: Readonly<Record<string, unknown>>;
  /** What the operator should know before anything starts, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Settles a `start` from flags, variables and the file.
 * @throws {@link ParleyError} `E_CONFIG_*` with one sentence
 */
export async function readSettings(sources: SettingsSources): Promise<Settings> {
  const { table, settled, own, file, problems } = await inspectSettings(sources);
  for (const problem of problems) throw problem;
  const { values, origins } = resolveOptions(table, { ...sources, file });
  const role = roleOf(values);
  const siteId = checkedId(values.workerId ?? hostname());
  const bindPort = values.port ?? (role === "hub" || role === "dual" ? 8000 : 8089);
  const hosted = origins.port === "environment" && (sources.env["MCPSERVER_PORT"] ?? "") === "";
  const settings: Settings = {
    ...values,
    hubSecret: await readSecret({ table, settled, direct: "hubSecret", inFile: "hubSecretFile" }),
    joinSecret: await readSecret({ table, settled, direct: "joinSecret", inFile: "joinSecretFile" }),
    logLevel: origins.logLevel === "flag" ? values.logLevel : logLevelOf(values),
    role,
    siteId,
    bindPort,
    bindHost: values.host ?? (hosted ? "0.0.0.0" : "127.0.0.1"),
    stateDirectory: resolve(
      values.stateDir ??
        defaultStateDirectory(sources.env, role, role === "worker" ? siteId : String(bindPort)),
    ),
    archetypeWanted: values.archetype ?? values.mock,
    bearerToken: await readSecret({ table, settled, direct: "token", inFile: "tokenFile" }),
    trust: await openTrust({ ca: values.ca, env: sources.env }),
    prices: recordOf(file, "worker.prices"),
    policy: recordOf(file, "worker.policy"),
    own: valuesOf(own.settled),
    warnings: secretWarnings(table, settled),
  };
  refuseHalfAccess(settings);
  refuseOpenDoor(settings);
  refuseContradictions(settings);
  refuseIdleModel(settings, origins);
  return settings;
}

function roleOf(values: OptionValues<typeof startOptions>): Settings["role"] {
  if (values.dual) return "dual";
  if (values.hub) return "hub";
  const mocked = values.mock !== undefined || values.archetype !== undefined;
  return values.join !== undefined || mocked || values.localAllow.length > 0 ? "worker" : "plain";
}

function logLevelOf({ debug, quiet, logLevel }: OptionValues<typeof startOptions>): Settings["logLevel"] {
  if (debug) return "debug";
  return quiet ? "error" : logLevel;
}

function checkedId(id: string): string {
  if (workerIdPattern.test(id)) return id;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `--worker-id: ${JSON.stringify(id.slice(0, 80))} must be 1 to 63 letters, digits, dots, dashes or underscores.`,
  );
}

function defaultStateDirectory(env: SettingsSources["env"], role: string, name: string): string {
  const base = env["XDG_STATE_HOME"] ?? join(env["HOME"] ?? homedir(), ".local", "state");
  return join(base, "parley", `${role}-${name}`);
}

function refuseContradictions(settings: Settings): void {
  const { role, join: hubUrl, joinSecret, transport } = settings;
  if (hubUrl !== undefined && joinSecret === undefined) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "--join needs the hub's secret: pass --join-secret-file or set MCPSERVER_JOIN_SECRET.",
    );
  }
  if (hubUrl !== undefined && (role === "hub" || role === "dual")) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "--join cannot be combined with --hub or --dual: start the worker on its own.",
    );
  }
  if (transport === "stdio" && role !== "plain") {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `--transport stdio serves tools only; a ${role} needs --transport http.`,
    );
  }
}
