// Makes a bare clone ready: pnpm, packages, native build, compile. Does nothing twice.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePnpm, pnpm, root } from "./pnpm.mjs";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Parley needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(2);
}

const stampFile = join(root, "node_modules", ".parley-setup.json");
const lock = readFileSync(join(root, "pnpm-lock.yaml"));
const key = createHash("sha256")
  .update(lock)
  .update([process.versions.modules, process.platform, process.arch].join(" "))
  .digest("hex");
const before = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, "utf8")) : undefined;

/** Runs one step, says how long it took, and shows what it printed only when it failed. */
async function step(title, work) {
  const startedMs = Date.now();
  const beat = setInterval(
    () => process.stderr.write(`  ... ${Math.round((Date.now() - startedMs) / 1000)} s\n`),
    15_000,
  );
  process.stderr.write(`${title}\n`);
  try {
    await work();
  } finally {
    clearInterval(beat);
  }
  process.stderr.write(`  done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
}

async function quiet(args) {
  const output = [];
  const code = await pnpm(args, {
    stdio: ["ignore", "pipe", "pipe"],
    onSpawn: (child) => {
      child.stdout.on("data", (piece) => output.push(piece));
      child.stderr.on("data", (piece) => output.push(piece));
    },
  });
  if (code === 0) return;
  process.stderr.write(Buffer.concat(output).toString().split("\n").slice(-60).join("\n"));
  throw new Error(`pnpm ${args.join(" ")} ended with ${code}.`);
}

async function install() {
  const args = ["install", "--frozen-lockfile", "--prefer-offline"];
  await quiet(args);
  if (before !== undefined && before.key !== key) await quiet(["rebuild", "-r", "better-sqlite3"]);
  mkdirSync(join(root, "node_modules"), { recursive: true });
}

const sqliteModule = join(root, "node_modules", "better-sqlite3", "build", "Release", "better_sqlite3.node");

/** A compiler may have been installed since the last try. */
async function compileSqlite() {
  const tools = ["make", "g++", "python3"].every(
    (tool) => spawnSync(tool, ["--version"], { stdio: "ignore" }).status === 0,
  );
  if (!tools || existsSync(sqliteModule)) return;
  await step("Compiling the SQLite module", () =>
    quiet(["rebuild", "-r", "better-sqlite3"]).catch(sqliteNotice),
  );
}

function sqliteNotice() {
  if (existsSync(sqliteModule)) return;
  process.stderr.write(
    "The SQLite module could not be compiled, so records go to JSON files and the SQLite tests are skipped: " +
      "install python3, make and g++ (Debian: apt-get install python3 build-essential) and run this again.\n",
  );
}

try {
  if (before?.key !== key) {
    await step("Fetching pnpm", ensurePnpm);
    await step("Installing packages (about a minute the first time: the SQLite module is compiled)", install);
    sqliteNotice();
    writeFileSync(stampFile, JSON.stringify({ key }));
  } else {
    await compileSqlite();
  }
  const fresh = !existsSync(join(root, "apps", "mcpserver", "dist", "cli.cjs"));
  const build = () => quiet(["run", "build", "--output-logs=errors-only"]);
  if (fresh) await step("Compiling", build);
  else await build();
} catch (error) {
  console.error(`Set-up failed: ${error.message}`);
  process.exit(1);
}
