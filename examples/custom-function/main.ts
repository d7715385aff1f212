// Puts a function in a folder of its own, as Kubernetes mounts a ConfigMap, and serves it with `--tool FILE#pancakes`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { createMcpClient } from "@parley/mcp-client";

const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const code = await mkdtemp(join(tmpdir(), "parley-code-"));

/** A mounted ConfigMap is links: `pancakes.js -> ..data/pancakes.js`, `..data -> ..2026_11_27`. */
async function mount(source: string): Promise<string> {
  await mkdir(join(code, "..2026_11_27"));
  await copyFile(source, join(code, "..2026_11_27", "pancakes.js"));
  await symlink("..2026_11_27", join(code, "..data"));
  await symlink("..data/pancakes.js", join(code, "pancakes.js"));
  return join(code, "pancakes.js");
}

const file = await mount(join(import.meta.dirname, "functions", "pancakes.js"));
const server = spawn(
  process.execPath,
  [bin, "start", "--strict", "--tool", `${file}#pancakes`, "--port", "0"],
  {
    stdio: ["ignore", "inherit", "pipe"],
  },
);
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
  const { structuredContent } = await client.callTool("pancakes", { count: 12 });
  console.log(JSON.stringify(structuredContent));
  assert.deepEqual(structuredContent, { pancakes: 12, flour_cups: 1.5, eggs: 3 });
  const refused = await client.callTool("pancakes", { count: 0 });
  console.log(JSON.stringify(refused["content"]));
  assert.equal(refused["isError"], true);
  await client.close();
} finally {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  if (server.exitCode === null && server.kill("SIGTERM")) await ended;
  await rm(code, { recursive: true, force: true });
}
