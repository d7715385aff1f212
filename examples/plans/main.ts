// Runs two plans with scripted models: one builds, runs and verifies a program, one translates a job script.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);
const binOf = (name: string, bin: string): string =>
  join(dirname(resolve(`${name}/package.json`)), "bin", `${bin}.js`);
const folder = mkdtempSync(join(tmpdir(), "parley-plans-example-"));
const servers = join(folder, "servers.json");
const server = {
  command: process.execPath,
  args: [
    binOf("@parley/mcpserver", "mcpserver"),
    "start",
    "--transport",
    "stdio",
    "--config",
    join(import.meta.dirname, "mcpserver.yaml"),
  ],
};
writeFileSync(servers, JSON.stringify({ mcpServers: { tools: server } }));

/** Runs `parley` in this folder, shows what it says, and reads what it gives. */
function parley(...args: readonly string[]): { code: number | null; outputs: Record<string, unknown> } {
  const store = ["--database", `json://${join(folder, "runs")}`];
  const all = [binOf("@parley/tasks", "parley"), ...args, "--server", servers, ...store];
  const ran = spawnSync(process.execPath, all, {
    cwd: import.meta.dirname,
    encoding: "utf8",
    timeout: 120_000,
  });
  console.log(ran.stderr);
  return { code: ran.status, outputs: ran.stdout.startsWith("{") ? JSON.parse(ran.stdout) : {} };
}

try {
  assert.equal(parley("run", "build.yaml", "--check").code, 0);
  const built = parley("run", "build.yaml", "--llm-script", "build-script.yaml");
  assert.deepEqual(built, { code: 0, outputs: { printed: "42", tries: 2 } });

  const script = "#!/bin/bash\n#SBATCH -N 2\nsrun ./train\n";
  const made = parley(
    "run",
    "translate.yaml",
    "--input",
    `script=${script}`,
    "--llm-script",
    "translate-script.yaml",
  );
  assert.equal(made.code, 0);
  assert.match(String(made.outputs["jobspec"]), /^#flux: -N 2$/m);
  console.log(made.outputs["jobspec"]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
