import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What `node scripts/check.mjs --ci` installs stands here; a program on the PATH does as well. */
const places = ["inspector/node_modules/.bin", "python/bin"].map((place) => join(root, ".parley", place));

function find(name: string): string | undefined {
  const folders = [...places, ...(process.env["PATH"] ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The Inspector's command; `undefined` where it is not installed. */
export const inspector = find("mcp-inspector");

/** A Python that has the `mcp` package, with its client for both eras; `undefined` where there is none. */
export const python = [find("python"), find("python3")].find(
  (path) => path !== undefined && imports(path, "from mcp import Client"),
);

function imports(path: string, statement: string): boolean {
  try {
    execFileSync(path, ["-c", statement], { stdio: "ignore", timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** Runs a client to its end and gives its standard output, read as JSON. */
export async function runClient(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<unknown> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const output = await new Promise<string>((resolve, reject) => {
    const options = {
      cwd: root,
      env: { PATH: process.env["PATH"], NO_COLOR: "1", ...env },
      signal: stop.signal,
      timeout: 60_000,
      maxBuffer: 16 * 2 ** 20,
    };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} failed: ${stderr}`, { cause: error }));
      else resolve(stdout);
    });
  });
  return JSON.parse(output);
}
