// Runs the client side of the official MCP conformance suite and writes docs/conformance-client.md; `--check` compares.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse } from "yaml";

const root = fileURLToPath(new URL("..", import.meta.url));
const suite = join(root, "examples/conformance-server/node_modules/@modelcontextprotocol/conformance");
const page = join(root, "docs/conformance-client.md");
const revisions = ["2025-11-25", "2026-07-28"];
const longestMs = 600_000;

/** The suite splits the command at spaces, so it gets paths without any: it runs in the root. */
const command =
  "node --conditions=@parley/source --import tsx packages/mcp-client/test/conformance/client.ts";

function runSuite(revision, folder) {
  const args = [
    "client",
    "--command",
    command,
    "--requirements",
    revision,
    "-o",
    folder,
    "--timeout",
    "120000",
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(suite, "dist/index.js"), ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: longestMs,
    });
    const output = [];
    child.stdout.on("data", (piece) => output.push(piece));
    child.stderr.on("data", (piece) => output.push(piece));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const text = Buffer.concat(output).toString();
      if (code === null) reject(new Error(`The suite was ended by ${signal}: ${text.slice(-2000)}`));
      else resolve(text);
    });
  });
}

/** The folders of results, by the name of their scenario. */
function resultFolders(folder, prefix = "") {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    const name = /^(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(path)?.[1];
    if (name !== undefined) return [[name, join(folder, path)]];
    return entry.isDirectory() ? resultFolders(folder, path) : [];
  });
}

function readScenario(name, unscored, folder) {
  if (folder === undefined) return { name, unscored, passed: 0, problems: ["the suite wrote no result"] };
  const checks = JSON.parse(readFileSync(join(folder, "checks.json"), "utf8"));
  const bad = checks.filter(({ status }) => status === "FAILURE" || status === "WARNING");
  return {
    name,
    unscored,
    passed: checks.filter(({ status }) => status === "SUCCESS").length,
    problems: bad.map(({ id, errorMessage = "" }) => `${id}: ${errorMessage}`),
  };
}

async function collect(revision) {
  const folder = mkdtempSync(join(tmpdir(), "parley-conformance-client-"));
  try {
    await runSuite(revision, folder);
    const requirements = parse(readFileSync(join(suite, "requirements", `${revision}.yaml`), "utf8"));
    const folders = new Map(resultFolders(folder));
    const unscored = requirements.not_scored.filter(({ leg }) => leg === "client");
    return [
      ...requirements.client.map((name) => readScenario(name, undefined, folders.get(name))),
      ...unscored.map(({ scenario, reason }) => readScenario(scenario, reason, folders.get(scenario))),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Numbers of checks differ with the pace of a run; whether a scenario passes does not. */
function table(scenarios) {
  const rows = scenarios.map(({ name, unscored, problems }) => {
    const outcome = problems.length === 0 ? "pass" : "fail";
    return `| \`${name}\` | ${outcome} | ${unscored === undefined ? "required" : `not scored: ${unscored}`} |`;
  });
  return ["| scenario | outcome | |", "| --- | --- | --- |", ...rows].join("\n");
}

function pageOf(results) {
  const { version } = JSON.parse(readFileSync(join(suite, "package.json"), "utf8"));
  const parts = results.map(({ revision, scenarios }) => {
    const required = scenarios.filter(({ unscored }) => unscored === undefined);
    const green = required.filter(({ problems }) => problems.length === 0);
    return `## ${revision}\n\n${green.length} of ${required.length} required scenarios pass.\n\n${table(scenarios)}`;
  });
  return `# Conformance of the client

Written by \`npm run conformance:client\`; do not edit. The client under test is
[a small program](../packages/mcp-client/test/conformance/client.ts) over the public API of \`@parley/mcp-client\`, run by
\`@modelcontextprotocol/conformance\` ${version}. DPoP, workload identity and enterprise-managed authorization are
extensions this client does not have.

${parts.join("\n\n")}
`;
}

/** The page as the formatter leaves it. */
async function formatted(text) {
  const draft = join(mkdtempSync(join(tmpdir(), "parley-page-")), "page.md");
  writeFileSync(draft, text);
  const oxfmt = join(root, "node_modules/oxfmt/bin/oxfmt");
  const config = join(root, ".oxfmtrc.json");
  await new Promise((resolve) => {
    spawn(process.execPath, [oxfmt, "-c", config, draft], { stdio: "ignore" }).once("close", resolve);
  });
  const result = readFileSync(draft, "utf8");
  rmSync(dirname(draft), { recursive: true, force: true });
  return result;
}

function readPage() {
  try {
    return readFileSync(page, "utf8");
  } catch {
    return undefined;
  }
}

async function report(check) {
  const results = [];
  for (const revision of revisions) results.push({ revision, scenarios: await collect(revision) });
  let code = 0;
  for (const { revision, scenarios } of results) {
    const required = scenarios.filter(({ unscored }) => unscored === undefined);
    const red = required.filter(({ problems }) => problems.length > 0);
    for (const { name, problems } of red) console.error(`${revision} ${name}: ${problems.join("; ")}`);
    console.log(
      `${revision}: ${required.length - red.length} of ${required.length} required client scenarios pass`,
    );
    if (red.length > 0) code = 1;
  }
  const text = await formatted(pageOf(results));
  if (!check) writeFileSync(page, text);
  else if (readPage() !== text) {
    console.error(
      "docs/conformance-client.md does not match this run: `npm run conformance:client` writes it anew.",
    );
    code = 1;
  }
  return code;
}

let flags;
try {
  flags = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
} catch (error) {
  console.error(`${error.message}; the one flag is --check.`);
}
process.exitCode = flags === undefined ? 2 : await report(flags.check);
