// Runs every gate in turn and counts them; `--ci` also installs what the suites with real engines, browsers and other clients need.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installClients } from "./other-clients.mjs";
import { pnpmEnvironment, root } from "./pnpm.mjs";

const ci = process.argv.includes("--ci");
const only = process.argv.slice(2).filter((word) => !word.startsWith("--"));

/** Programs that turn skipped suites into run ones, with the Debian package of each. */
const debianPackages = {
  slurmctld: "slurmctld",
  slurmd: "slurmd",
  sbatch: "slurm-client",
  slurmdbd: "slurmdbd",
  mariadbd: "mariadb-server-core",
  my_print_defaults: "mariadb-client-core",
  munged: "munge",
  chromium: "chromium",
  buildah: "buildah",
  podman: "podman",
  busybox: "busybox-static",
  kubectl: "kubernetes-client",
  tmux: "tmux",
  "/usr/share/lmod/lmod/libexec/lmod": "lmod",
};

function isInstalled(program) {
  if (program.startsWith("/")) return existsSync(program);
  // Daemons are in folders that are not on every user's PATH.
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => folder !== "" && existsSync(join(folder, program)));
}

function installPrograms() {
  const missing = Object.entries(debianPackages).flatMap(([program, name]) =>
    isInstalled(program) ? [] : [name],
  );
  if (missing.length === 0) return;
  const canInstall =
    process.getuid?.() === 0 && spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
  if (!canInstall) {
    console.log(`No apt-get here: suites that need ${missing.join(", ")} will be skipped.`);
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const quiet = { env, stdio: ["ignore", "ignore", "inherit"] };
  spawnSync("apt-get", ["update", "-q"], quiet);
  spawnSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...missing], quiet);
}

const pnpm = ["node", "scripts/pnpm.mjs"];
/**
 * What is not run again under other Nodes: real engines, the browser, the conformance suite and the packing of files; the
 * adapters' own suites, whose programs are run by the scenarios with the guides' configurations; and what reads text and
 * applies rules, in which no Node differs from another.
 */
const onceOnly = [
  "**/*slurm*",
  "**/*chromium*",
  "test/e2e/scenarios/*conformance*",
  "test/workspace.test.ts",
  "packages/adapters/**",
  ...["core", "jobspec", "providers", "secretary", "selection", "simulation"].map(
    (name) => `packages/${name}/**`,
  ),
];
const otherNodes = ["--maxWorkers", "1", ...onceOnly.flatMap((glob) => ["--exclude", glob])];
/** In CI a third of the tests runs under each other Node, since all under both take longer than all else; by hand, all. */
const third = (which) => (ci ? ["--shard", `${which}/3`] : []);
/**
 * In order. Gates of one lane follow each other, lanes run side by side after all others: much of them is waiting for
 * processes, and none measures time. Where three lanes on two cores starve a test, `again` runs what failed once more when
 * all have ended: only what fails with the machine to itself fails the gate, and the log shows both.
 */
const gates = [
  { name: "test", command: ["npm", "test"] },
  { name: "examples", command: [...pnpm, "run", "examples"] },
  {
    name: "node 22",
    command: ["node", "scripts/node-leg.mjs", "22", ...otherNodes, ...third(1)],
    again: ["node", "scripts/node-leg.mjs", "22", "--failed"],
    lane: "node 22",
  },
  {
    name: "node 24",
    command: ["node", "scripts/node-leg.mjs", "24", ...otherNodes, ...third(2)],
    again: ["node", "scripts/node-leg.mjs", "24", "--failed"],
    lane: "node 24",
  },
  { name: "format", command: [...pnpm, "run", "format:check"], lane: "one by one" },
  { name: "lint", command: [...pnpm, "run", "lint"], lane: "one by one" },
  { name: "types", command: [...pnpm, "run", "typecheck"], lane: "one by one" },
  { name: "knip", command: [...pnpm, "run", "knip"], lane: "one by one" },
  { name: "docs", command: [...pnpm, "run", "docs:gen", "--check"], lane: "one by one" },
  {
    name: "packages",
    command: [...pnpm, "run", "test:pack", "--output-logs=errors-only"],
    lane: "one by one",
  },
  {
    name: "publish",
    command: [...pnpm, "-r", "publish", "--dry-run", "--no-git-checks", "--report-summary"],
    lane: "one by one",
  },
  {
    name: "client conformance",
    command: [...pnpm, "run", "conformance:client", "--check"],
    lane: "one by one",
  },
  { name: "conformance", command: [...pnpm, "run", "conformance", "--check"], lane: "one by one" },
  { name: "demo", command: ["npm", "run", "demo"], lane: "one by one" },
  // Only that they run: their targets are for a machine with nothing else to do.
  { name: "bench", command: [...pnpm, "run", "bench", "all", "--short"], lane: "one by one" },
].filter(({ name }) => only.length === 0 || only.includes(name));

/** Runs one command; the output of a quiet one is shown only when it fails. */
function run([command, ...args], quiet) {
  return new Promise((resolve) => {
    const kept = [];
    const child = spawn(command, args, {
      cwd: root,
      stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
      env: { ...pnpmEnvironment(), NO_COLOR: "1", npm_config_fetch_retries: "0", PARLEY_CI: ci ? "1" : "" },
    });
    child.stdout?.on("data", (piece) => kept.push(piece));
    child.stderr?.on("data", (piece) => kept.push(piece));
    child.on("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on("close", (code) => {
      if (quiet && code !== 0) console.log(Buffer.concat(kept).toString().split("\n").slice(-80).join("\n"));
      resolve(code ?? 1);
    });
  });
}

/** Runs one gate and says how it went. */
async function judge({ name, command, lane }) {
  const startedMs = Date.now();
  console.log(`\n== ${name}: ${command.join(" ")}`);
  const code = await run(command, lane !== undefined);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
  console.log(`== ${name}: ${code === 0 ? "passed" : `FAILED (${code})`} in ${seconds} s`);
  return code === 0 ? [] : [name];
}

async function judgeAll(these) {
  const failed = [];
  for (const gate of these) failed.push(...(await judge(gate)));
  return failed;
}

if (ci) installPrograms();
if (ci) installClients();
const ofLane = (wanted) => gates.filter(({ lane }) => lane === wanted);
const lanes = new Set(gates.flatMap(({ lane }) => lane ?? []));
const failures = await judgeAll(ofLane(undefined));
for (const name of (await Promise.all([...lanes].map((lane) => judgeAll(ofLane(lane))))).flat()) {
  const { again } = gates.find((gate) => gate.name === name) ?? {};
  failures.push(...(again === undefined ? [name] : await judge({ name, command: again })));
}
if (failures.length > 0) console.log(`\nFailed: ${failures.join(", ")}`);
console.log(`\n${gates.length - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
