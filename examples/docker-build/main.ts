// Serves mcpserver.yaml, fetches the persona prompt from it, and has a good and a bad Dockerfile looked at.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { createMcpClient } from "@parley/mcp-client";

const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const config = join(import.meta.dirname, "mcpserver.yaml");

const good = "FROM debian:12 AS build\nRUN make\nFROM debian:12\nCOPY --from=build /app /app\nUSER 1000\n";
const bad = "FROM debian:12\nRUM make\nMAINTAINER somebody\nEXPOSE eighty\n";

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
  const { messages } = await client.getPrompt("docker_build_persona_prompt", { application: "lammps" });
  const prompt = Array.isArray(messages) ? String(messages[0]?.content?.text) : "";
  console.log(prompt);
  assert.match(prompt, /Dockerfile for lammps, to run on: CPU/);

  const fine = await client.callTool("lint_dockerfile", { dockerfile: good });
  assert.deepEqual(fine["structuredContent"], { ok: true, findings: [] });
  const { structuredContent } = await client.callTool("lint_dockerfile", { dockerfile: bad });
  const { ok, findings } = Object(structuredContent);
  for (const { line, level, message } of findings) console.log(`line ${line}: ${level}: ${message}`);
  assert.equal(ok, false);
  assert.deepEqual(
    findings.map(({ line, level }: { line: number; level: string }) => `${line} ${level}`).toSorted(),
    ["2 error", "3 warning", "4 error"],
  );
  await client.close();
} finally {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  if (server.exitCode === null && server.kill("SIGTERM")) await ended;
}
