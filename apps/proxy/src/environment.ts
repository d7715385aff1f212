import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import type { Io } from "@parley/cli";
import { ParleyError } from "@parley/core";

/** What variables of files stand for, and what programs get. */
export type Environment = Readonly<Record<string, string>>;

/** Secrets of this program, which no other gets. */
const own: ReadonlySet<string> = new Set(["MCPO_API_KEY", "MCPO_API_KEY_FILE"]);

export interface EnvironmentOptions {
  readonly env: Environment;
  readonly envPath?: string | undefined;
}

/**
 * The process's environment with a file's and the flags' variables: a flag outranks the process, which outranks the file.
 * @throws `E_CONFIG_INVALID` for a file that cannot be read
 */
export async function readEnvironment(
  { env, envPath }: EnvironmentOptions,
  { env: outer }: Pick<Io, "env">,
): Promise<Environment> {
  const present = Object.entries(outer).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const merged = {
    ...(envPath === undefined ? {} : await readEnvFile(envPath)),
    ...Object.fromEntries(present),
    ...env,
  };
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !own.has(name)));
}

async function readEnvFile(path: string): Promise<Environment> {
  try {
    const found = Object.entries(parseEnv(await readFile(path, "utf8")));
    return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new ParleyError("E_CONFIG_INVALID", `--env-path ${path}: ${why}.`, { cause });
  }
}
