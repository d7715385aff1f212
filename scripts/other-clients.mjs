// Installs clients that tests try our server with and that are no dependencies: the Inspector and Python's.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pnpm.mjs";

const inspector = "@modelcontextprotocol/inspector@2.12.0";
const pythonPackage = "mcp==2.3.0";
/** Installing takes half a minute; a registry that hangs must not hold everything up. */
const longestMs = 300_000;

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: "ignore", timeout: longestMs });
  return status === 0;
}

function installInspector() {
  const home = join(root, ".parley", "inspector");
  if (existsSync(join(home, "node_modules", ".bin", "mcp-inspector"))) return;
  const quiet = ["--no-save", "--silent", "--no-audit", "--no-fund"];
  if (run("npm", ["install", "--prefix", home, ...quiet, inspector])) return;
  console.log("The Inspector could not be fetched: its tests will be skipped.");
}

function installPython() {
  const home = join(root, ".parley", "python");
  const python = join(home, "bin", "python");
  if (run(python, ["-c", "from mcp import Client"])) return;
  if (run("python3", ["-m", "venv", home]) && run(python, ["-m", "pip", "install", "--quiet", pythonPackage]))
    return;
  console.log("Python's client could not be installed: its tests will be skipped.");
}

/** Puts them under .parley, where the tests look. */
export function installClients() {
  installInspector();
  installPython();
}
