import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const version = "4.20.16";
const home = fileURLToPath(new URL("../../.parley/peers", import.meta.url));
const installMs = 180_000;

/**
 * Where FastMCP can be imported from: fetched once from npm into `.parley/peers`, as it is too large for a
 * dependency of one benchmark. `undefined`, with a line that says why, where it cannot be had.
 */
export async function fastMcpModule(): Promise<string | undefined> {
  const entry = join(home, "node_modules", "fastmcp", "dist", "FastMCP.js");
  if (!existsSync(entry)) {
    const flags = ["--no-save", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"];
    const args = ["install", "--prefix", home, ...flags, `fastmcp@${version}`];
    await promisify(execFile)("npm", args, { timeout: installMs }).catch(() => undefined);
  }
  if (existsSync(entry)) return pathToFileURL(entry).href;
  console.error(`FastMCP ${version} could not be fetched from npm: the server benchmark runs without it.`);
  return undefined;
}
