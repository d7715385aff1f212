import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const runner = fileURLToPath(new URL("./runner.js", import.meta.url));

/**
 * Starts the runner of the job in a folder.
 * @returns resolves when the runner has ended, or could not be started; with the reason, then
 */
export type LaunchRunner = (folder: string) => Promise<string | undefined>;

/**
 * Starts the process that sees one job through, in a session of its own and without this process's environment.
 */
export const launchRunner: LaunchRunner = (folder) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [runner, folder], {
      cwd: folder,
      env: {},
      detached: true,
      stdio: "ignore",
    });
    child.once("error", (error) => resolve(error.message));
    child.once("exit", () => resolve(undefined));
    child.unref();
  });
