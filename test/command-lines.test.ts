import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "tsup";
import { expect, onTestFinished, test } from "vitest";
import { line as hub } from "../apps/hub/tsup.config.ts";
import { line as tasks } from "../apps/tasks/tsup.config.ts";
import { line as worker } from "../apps/worker/tsup.config.ts";

const run = promisify(execFile);

test.each([
  ["hub", hub, { cli: /^Usage: parley-hub / }],
  ["worker", worker, { cli: /^Usage: parley-worker / }],
  ["tasks", tasks, { cli: /^Usage: parley-tasks /, "parley-cli": /^Usage: parley / }],
])(
  "[START-01] what apps/%s has of programs answers --help out of one file each",
  async (name, line, usages) => {
    const app = fileURLToPath(new URL(`../apps/${name}`, import.meta.url));
    const outDir = await mkdtemp(join(app, ".bundle-"));
    onTestFinished(() => rm(outDir, { recursive: true, force: true }));
    const entry = Object.fromEntries(Object.entries(line.entry).map(([key, path]) => [key, join(app, path)]));
    await build({ ...line, config: false, silent: true, entry, outDir });
    for (const [file, usage] of Object.entries(usages)) {
      const path = join(outDir, `${file}.cjs`);
      const text = await readFile(path, "utf8");
      // All it asks for by name before a command runs comes with Node.js.
      const required = Array.from(text.matchAll(/\brequire\("([^"]+)"\)/g), ([, from = ""]) => from);
      expect(required.filter((from) => !from.startsWith("node:"))).toEqual([]);
      expect((await run(process.execPath, [path, "--help"])).stdout).toMatch(usage);
    }
  },
  120_000,
);
