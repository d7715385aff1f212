// Installs programs that tests use and that are no dependencies: clients of our server (the Inspector, Python's), tp, and Flux's validator.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pnpm.mjs";

const inspector = "@modelcontextprotocol/inspector@2.12.0";
const pythonPackage = "mcp==2.3.0";
const fluxPackages = ["flux-python==0.88.0", "pyyaml==6.0.3", "ply==3.11"];
const tpPackage = "tensorpool==0.0.9";
/** Installing takes half a minute; a registry that hangs must not hold everything up. */
const longestMs = 300_000;
/** Recorded releases of tp are tried in any case, so the real one is not waited for. */
const longestTpMs = 30_000;

function run(command, args, timeout = longestMs) {
  const { status } = spawnSync(command, args, { stdio: "ignore", timeout });
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

function installTp() {
  const home = join(root, ".parley", "tensorpool");
  const tp = join(home, "bin", "tp");
  if (run(tp, ["--version"])) return;
  const pip = ["-m", "pip", "install", "--quiet", "--retries", "1", tpPackage];
  if (run("python3", ["-m", "venv", home]) && run(join(home, "bin", "python"), pip, longestTpMs)) return;
  // Half of it would be taken for a tp that fails.
  rmSync(home, { recursive: true, force: true });
  console.log("TensorPool's tp could not be installed: its tests run with recorded releases alone.");
}

function installFluxValidator() {
  const home = join(root, ".parley", "flux-python");
  if (run(join(home, "bin", "python"), ["-c", "import yaml, ply"])) return;
  // Its dependencies are for compiling its bindings, which the validator does without.
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", ...fluxPackages];
  if (run("python3", ["-m", "venv", home]) && run(join(home, "bin", "python"), pip)) return;
  rmSync(home, { recursive: true, force: true });
  console.log(
    "Flux's validator could not be installed: jobspecs are held against what it was recorded to say.",
  );
}

/** Puts them under .parley, where the tests look. */
export function installClients() {
  installInspector();
  installPython();
  installTp();
  installFluxValidator();
}
