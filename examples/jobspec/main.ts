// Serves mcpserver.yaml, turns a Slurm script into Flux's form by its tools, and has good and bad ones judged.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { createMcpClient } from "@parley/mcp-client";

const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const config = join(import.meta.dirname, "mcpserver.yaml");
const sbatch = readFileSync(join(import.meta.dirname, "train.sbatch"), "utf8");

const server = spawn(process.execPath, [bin, "start", "--config", config, "--port", "0"], {
  stdio: ["ignore", "inherit", "pipe"],
});
try {
  let url: string | undefined;
  for await (const line of createInterface(server.stderr)) {
    console.log(`  ${line}`);
    url = /ready at (\S+)/.exec(line)?.[1];
    if (url !== undefined) break;
  }
  server.stderr.resume();
  assert.ok(url !== undefined, "mcpserver ended before it was ready");
  const client = createMcpClient({ url });
  const call = async (name: string, args: Record<string, unknown>) =>
    Object((await client.callTool(name, args))["structuredContent"]);

  const asked = { script: sbatch, from_manager: "slurm", to_manager: "flux" };
  const { messages } = await client.getPrompt("transform_jobspec_persona", asked);
  const prompt = Array.isArray(messages) ? String(messages[0]?.content?.text) : "";
  assert.match(prompt, /from "slurm" for "flux".*transform_jobspec/s);
  assert.ok(prompt.includes("srun ./train"));

  const made = await call("transform_jobspec", { batch_job: sbatch, to_format: "flux" });
  console.log(made.jobspec);
  for (const { line, directive, why } of made.report) console.log(`line ${line}: ${directive}: ${why}`);
  assert.equal(made.status, "SUCCESS");
  assert.match(made.jobspec, /#flux: .*(-N|--nodes)[ =]?2/);
  assert.ok(made.report.some(({ directive }: { directive: string }) => directive.includes("licenses")));

  const fine = await call("flux_validate_jobspec", { content: made.jobspec });
  assert.deepEqual([fine.valid, fine.errors], [true, []]);
  const spec = await call("transform_jobspec", { batch_job: sbatch, to_format: "flux-jobspec" });
  const { valid, counts } = await call("flux_count_jobspec_resources", { content: spec.jobspec });
  console.log(`counted: ${JSON.stringify(counts)}`);
  assert.deepEqual([valid, counts.node, counts.core], [true, 2, 32]);

  for (const bad of ["", "#!/bin/sh\n#FLUX -N2\nhostname\n", '{"version": 1, "tasks": []}']) {
    const verdict = await call("flux_validate_jobspec", { content: bad });
    console.log(`not valid: ${verdict.errors[0]}`);
    assert.equal(verdict.valid, false);
  }
  await client.close();
} finally {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  if (server.exitCode === null && server.kill("SIGTERM")) await ended;
}
