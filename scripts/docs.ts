// Writes docs/reference from the code it describes: `npm run docs:gen`. With `--check` it only compares.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { adapterPages } from "./docs/adapters.ts";
import { cliPage } from "./docs/cli.ts";
import { configSchemaFile } from "./docs/config-schema.ts";
import { environmentExample, environmentPage } from "./docs/environment.ts";
import { errorsPage } from "./docs/errors.ts";
import { jobStatesPage } from "./docs/job-states.ts";
import { recordFiles } from "./docs/records.ts";
import { serverFiles } from "./docs/server-json.ts";
import { upstreamPage } from "./docs/upstream.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const recordsFolder = "docs/reference/records";
const adaptersFolder = "docs/reference/adapters";

const pages = new Map([
  ["docs/reference/cli.md", await cliPage(root)],
  ["docs/reference/env.md", await environmentPage(root)],
  ["docs/reference/errors.md", errorsPage()],
  ["docs/reference/mcpserver.schema.json", configSchemaFile()],
  ["docs/reference/upstream.md", await upstreamPage(root)],
  ["docs/job-states.md", await jobStatesPage()],
  [".env.example", await environmentExample(root)],
  ...(await adapterPages(root)),
  ...serverFiles(root),
  ...recordFiles().map(([name, text]): [string, string] => [`${recordsFolder}/${name}`, text]),
]);

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}

function leftovers(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder))
      .map((name) => `${folder}/${name}`)
      .filter((path) => !pages.has(path));
  } catch {
    return [];
  }
}

const stale = [...pages].filter(([path, text]) => current(path) !== text).map(([path]) => path);
const surplus = [recordsFolder, adaptersFolder].flatMap(leftovers);

if (process.argv.includes("--check")) {
  for (const path of [...stale, ...surplus]) console.error(`${path} does not match the code.`);
  if (stale.length + surplus.length > 0) {
    console.error("Run `npm run docs:gen` and commit the result.");
    process.exitCode = 1;
  }
} else {
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), pages.get(path) ?? "");
  }
  for (const path of surplus) rmSync(join(root, path));
  console.log(`${pages.size} pages, ${stale.length + surplus.length} changed.`);
}
