import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadRecordings } from "@parley/testing";
import { fixtures } from "./_fake-flux.ts";

/**
 * A program called flux that answers what Flux 0.88 was recorded to answer, for tests that start a server. It takes
 * jobspecs too, and writes down each command with its environment and input.
 */
export async function installShim(): Promise<{
  readonly path: string;
  readonly journal: string;
  remove(): Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), "parley-flux-shim-"));
  const journal = join(path, "journal.ndjson");
  const recordings = loadRecordings(fixtures, "flux-0.88").map(({ argv, ...answer }) => [argv, answer]);
  const source = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const known = new Map(${JSON.stringify(recordings)});
const argv = ["flux", ...process.argv.slice(2)];
const input = argv[2] === "submit" ? readFileSync(0, "utf8") : "";
appendFileSync(${JSON.stringify(journal)}, JSON.stringify({ argv, env: process.env, input }) + "\\n");
const said = argv[2] === "submit" ? { stdout: "ƒ2P5pCuM\\n" } : known.get(argv.join(" "));
const { stdout = "", stderr = "", exitCode = 0 } = said ?? { exitCode: 1, stderr: "flux-job: invalid job id\\n" };
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
`;
  const program = join(path, "flux");
  await writeFile(program, source);
  await chmod(program, 0o755);
  return { path, journal, remove: () => rm(path, { recursive: true, force: true }) };
}
