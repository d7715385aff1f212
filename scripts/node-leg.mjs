// Runs the tests under another Node, fetched from npm: `node scripts/node-leg.mjs 22`. With `--failed` it runs only the
// files that failed the last time.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { arch, platform } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { root } from "./pnpm.mjs";

const [major, ...rest] = process.argv.slice(2);
if (!/^\d+$/.test(major ?? "")) {
  console.error("Usage: node scripts/node-leg.mjs <major> [vitest arguments]");
  process.exit(2);
}
const name = `node-${platform()}-${arch()}`;
const home = join(root, ".parley", `node-${major}`);
const node = join(home, "node_modules", name, "bin", "node");
if (!existsSync(node)) {
  const args = [
    "install",
    "--prefix",
    home,
    "--no-save",
    "--silent",
    "--no-audit",
    "--no-fund",
    `${name}@${major}`,
  ];
  const { status } = spawnSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) {
    console.log(`Node ${major} could not be fetched as ${name}: this leg is skipped.`);
    process.exit(0);
  }
}
// The SQLite module is compiled for the Node that set this checkout up, so under another one its suites are skipped
// and everything else keeps its records in JSON files.
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const report = join(home, "report.json");
const wanted = rest.includes("--failed") ? failedFiles() : rest;
rmSync(report, { force: true });
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const child = spawn(node, [vitest, "run", ...reporters, ...wanted], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: [dirname(node), process.env["PATH"]].join(delimiter) },
});
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});

/** Without a report nothing is left out: every test runs. */
function failedFiles() {
  if (!existsSync(report)) return [];
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  return testResults.filter(({ status }) => status === "failed").map(({ name: file }) => file);
}
