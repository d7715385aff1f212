import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";

const suite = fileURLToPath(
  new URL(
    "../../examples/conformance-server/node_modules/@modelcontextprotocol/conformance/",
    import.meta.url,
  ),
);
const longestMs = 180_000;

const Checks = z.array(
  z.looseObject({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
);
const Requirements = z.object({
  server: z.array(z.string()),
  not_scored: z.array(z.object({ scenario: z.string(), leg: z.string(), reason: z.string() })),
});

/** How one scenario came out. */
export interface Scenario {
  readonly name: string;
  /** Why it does not count; `undefined` for one that is required. */
  readonly unscored?: string | undefined;
  readonly passed: number;
  readonly failed: number;
  readonly warnings: number;
  /** The first words of what went wrong. */
  readonly problems: readonly string[];
}

/** The version of the suite that is installed. */
export async function suiteVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(suite, "package.json"), "utf8"));
  return z.object({ version: z.string() }).parse(manifest).version;
}

/** Runs all server scenarios of a revision, in the order the suite lists them. */
export async function runSuite(revision: string, url: string): Promise<readonly Scenario[]> {
  const folder = await mkdtemp(join(tmpdir(), "parley-conformance-"));
  try {
    const log = await runCommand(["server", "--url", `${url}/mcp`, "--requirements", revision, "-o", folder]);
    const requirements = Requirements.parse(
      parse(await readFile(join(suite, "requirements", `${revision}.yaml`), "utf8")),
    );
    const unscored = requirements.not_scored.filter(({ leg }) => leg === "server");
    const wanted = [
      ...requirements.server.map((name) => ({ name, unscored: undefined })),
      ...unscored.map(({ scenario, reason }) => ({ name: scenario, unscored: reason })),
    ];
    const folders = await readdir(folder);
    return await Promise.all(wanted.map((scenario) => readScenario({ ...scenario, folder, folders, log })));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Reading {
  readonly name: string;
  readonly unscored: string | undefined;
  readonly folder: string;
  readonly folders: readonly string[];
  readonly log: string;
}

async function readScenario({ name, unscored, folder, folders, log }: Reading): Promise<Scenario> {
  const own = folders.find((entry) => /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(entry)?.[1] === name);
  if (own === undefined)
    throw new Error(`The suite wrote no result for ${name}; it said:\n${log.slice(-2000)}`);
  const checks = Checks.parse(JSON.parse(await readFile(join(folder, own, "checks.json"), "utf8")));
  const count = (wanted: string): number => checks.filter(({ status }) => status === wanted).length;
  return {
    name,
    unscored,
    passed: count("SUCCESS"),
    failed: count("FAILURE"),
    warnings: count("WARNING"),
    problems: checks
      .filter(({ status }) => status === "FAILURE" || status === "WARNING")
      .map(({ id, errorMessage = "" }) => `${id}: ${errorMessage}`),
  };
}

/** The suite's own exit code says less than its files do, so only its output is kept. */
function runCommand(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(suite, "dist", "index.js"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: longestMs,
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => output.push(piece));
    child.stderr.on("data", (piece: Buffer) => output.push(piece));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const text = Buffer.concat(output).toString();
      if (code === null)
        reject(new Error(`The suite was ended by ${signal ?? "nobody"}: ${text.slice(-2000)}`));
      else resolve(text);
    });
  });
}
