import { ParleyError } from "@parley/core";
import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";

type Environment = Readonly<Record<string, string | undefined>>;

/** What decides where the key goes and what runs: not for a file that lies in somebody's repository. */
const notFromFile = new Set(["TENSORPOOL_ENGINE", "TENSORPOOL_TP", "TENSORPOOL_ALLOW_COMMANDS"]);

const keyNames = new Set(["TENSORPOOL_KEY", "TENSORPOOL_API_KEY"]);

const maxBytes = 64 * 1024;

/** What {@link withDotenv} found. */
export interface DotenvResult {
  readonly env: Environment;
  /** Names that came from the file. */
  readonly taken: readonly string[];
  /** Names that were passed over although they begin with `TENSORPOOL_`. */
  readonly ignored: readonly string[];
}

/**
 * Adds the `TENSORPOOL_*` variables of a `.env` file to an environment, whose own always win, as does a key under its
 * other name. A file that is absent adds nothing.
 * @throws `E_CONFIG_INVALID` when it is there and cannot be read
 */
export async function withDotenv(env: Environment, path: string): Promise<DotenvResult> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw new ParleyError("E_CONFIG_INVALID", `${path} cannot be read.`, { cause: error });
  });
  if (text.length > maxBytes) throw new ParleyError("E_CONFIG_INVALID", `${path} is longer than 64 KiB.`);
  const found = Object.entries(parseEnv(text)).filter(([name]) => name.startsWith("TENSORPOOL_"));
  const isSet = (name: string): boolean => (env[name] ?? "").trim() !== "";
  const keyIsSet = isSet("TENSORPOOL_KEY") || isSet("TENSORPOOL_API_KEY");
  const taken = found.filter(
    ([name]) => !notFromFile.has(name) && !isSet(name) && !(keyIsSet && keyNames.has(name)),
  );
  return {
    env: { ...env, ...Object.fromEntries(taken) },
    taken: taken.map(([name]) => name),
    ignored: found.map(([name]) => name).filter((name) => notFromFile.has(name)),
  };
}
