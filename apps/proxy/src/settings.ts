import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { openTrust, resolveOptions } from "@parley/cli";
import type { Io, OptionValues, Resolved } from "@parley/cli";
import { ParleyError } from "@parley/core";
import { readEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { serveOptions } from "./options.ts";

type Values = OptionValues<typeof serveOptions>;

/** The settled options of `mcpo`, and what follows from them. */
export interface Settings extends Values {
  readonly environment: Environment;
  readonly key: string | undefined;
  readonly tokens: string;
  /** PEM certificates trusted beside the well-known ones. */
  readonly ca: string | undefined;
  /** Whether PORT alone named the port, as hosting platforms do. */
  readonly isHosted: boolean;
  /** What whoever starts it should know, one sentence each. */
  readonly warnings: readonly string[];
}

/** @throws `E_CONFIG_*` with one sentence */
export async function readSettings(flags: Readonly<Record<string, unknown>>, io: Io): Promise<Settings> {
  const { values, origins } = resolveOptions(serveOptions, { flags, env: io.env });
  const trust = await openTrust({ ca: undefined, env: io.env });
  return {
    ...values,
    environment: await readEnvironment(values, io),
    key: await readKey(values),
    tokens: values.tokenDirectory ?? tokenDirectory(io),
    ca: trust.pem(),
    isHosted: origins.port === "environment",
    warnings: warningsOf(origins),
  };
}

async function readKey({ apiKey, apiKeyFile }: Values): Promise<string | undefined> {
  if (apiKeyFile === undefined) return apiKey;
  if (apiKey !== undefined) {
    throw new ParleyError("E_CONFIG_INVALID", "Both --api-key and --api-key-file are given: keep one.");
  }
  const text = await readFile(apiKeyFile, "utf8").catch(() => "");
  if (text.trim() !== "") return text.trim();
  throw new ParleyError("E_CONFIG_INVALID", `--api-key-file ${apiKeyFile}: it cannot be read or is empty.`);
}

function tokenDirectory({ env }: Pick<Io, "env">): string {
  const state = env["XDG_STATE_HOME"] ?? join(env["HOME"] ?? homedir(), ".local", "state");
  return join(state, "parley", "proxy", "tokens");
}

function warningsOf({ apiKey }: Resolved<typeof serveOptions>["origins"]): readonly string[] {
  if (apiKey !== "flag") return [];
  return [
    "--api-key is visible to every user of this machine: set MCPO_API_KEY or pass --api-key-file instead.",
  ];
}

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;

/**
 * Where to listen: on this machine alone unless a key is asked, as the original listens everywhere.
 * @throws `E_CONFIG_INVALID` for an address beyond this machine without a key
 */
export function hostOf({ host, insecure, isHosted }: Settings, isKeyed: boolean): string {
  const wanted = host ?? (isKeyed || isHosted ? "0.0.0.0" : "127.0.0.1");
  if (isKeyed || insecure || loopback.test(wanted)) return wanted;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `Bound to ${wanted}, everybody who reaches this machine could call the tools: set MCPO_API_KEY, or pass --insecure.`,
  );
}
