import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeStateDirectory } from "./state-directory.ts";

export interface SecretNotice {
  readonly secret: string;
  /** Where it was written; absent when it is to be shown on the terminal instead. */
  readonly path?: string | undefined;
}

/**
 * The hub's join secret when none was given: made once and kept in the state directory with mode 600, so that
 * workers can come back after the hub restarts.
 */
export async function ownSecret(stateDirectory: string): Promise<SecretNotice> {
  const path = join(stateDirectory, "join-secret");
  const kept = (await readFile(path, "utf8").catch(() => "")).trim();
  if (kept.length >= 32) return { secret: kept, path };
  const secret = randomBytes(32).toString("base64url");
  await makeStateDirectory(stateDirectory);
  await writeFile(path, `${secret}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
  return { secret, path };
}
