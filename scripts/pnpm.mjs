// Runs the pinned pnpm without asking anybody to install it: `node scripts/pnpm.mjs <args>`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const version = packageManager.split("@")[1];
const home = join(root, ".parley", `pnpm-${version}`);
const entry = join(home, "node_modules", "pnpm", "bin", "pnpm.cjs");

/** Puts pnpm under `.parley/` with npm, once. */
export function ensurePnpm() {
  if (existsSync(entry)) return;
  const npm = process.env["npm_execpath"];
  const [command, prefix] = npm?.endsWith("npm-cli.js") ? [process.execPath, [npm]] : ["npm", []];
  const args = [...prefix, "install", "--prefix", home, "--no-save", "--silent", "--no-audit", "--no-fund"];
  const result = spawnSync(command, [...args, `pnpm@${version}`], { stdio: ["ignore", "ignore", "inherit"] });
  if (result.status !== 0) {
    throw new Error(
      `Could not install pnpm ${version} with npm: check the network or the npm registry setting.`,
    );
  }
}

/** The environment pnpm and turbo need: pnpm on PATH, both cores for node-gyp, local Node headers when there are any. */
export function pnpmEnvironment() {
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, "include", "node", "node.h"));
  return {
    ...process.env,
    PATH: [dirname(process.execPath), join(home, "node_modules", ".bin"), process.env["PATH"]].join(
      delimiter,
    ),
    JOBS: "max",
    TURBO_TELEMETRY_DISABLED: "1",
    ...(headers ? { npm_config_nodedir: prefix } : {}),
  };
}

/** Spawns pnpm and resolves with its exit code. */
export function pnpm(args, options = {}) {
  ensurePnpm();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: root,
      stdio: "inherit",
      ...options,
      env: { ...pnpmEnvironment(), ...options.env },
    });
    options.onSpawn?.(child);
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ? 130 : (code ?? 1)));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on("SIGINT", () => {});
  process.exitCode = await pnpm(process.argv.slice(2), { cwd: process.cwd() });
}
