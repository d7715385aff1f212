import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shortHash } from "@parley/core";

/** Writes a script that jobs run under a name that changes with its text, of mode 700. @returns its path */
export async function installScript(stateDir: string, text: string): Promise<string> {
  const directory = join(stateDir, "scripts");
  const path = join(directory, `job-${shortHash(text, 12)}.sh`);
  const draft = `${path}.${process.pid}.draft`;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(draft, text, { mode: 0o700 });
  await chmod(draft, 0o700);
  await rename(draft, path);
  return path;
}
