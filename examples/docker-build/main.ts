// Serves mcpserver.yaml, fetches the persona prompt, has a good and a bad Dockerfile checked, and builds one where it can.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { createMcpClient } from "@parley/mcp-client";

const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const config = join(import.meta.dirname, "mcpserver.yaml");

const good = [
  `FROM debian:12@sha256:${"a".repeat(64)} AS build`,
  "RUN make",
  "FROM debian:12",
  "COPY --from=build /app /app",
  "USER 1000",
];
const bad = ["FROM debian:12", "RUM make", "ENV HF_TOKEN=hf_1234", "RUN mpicc app.c"];

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

  const fine = await client.callTool("docker_validate_dockerfile", {
    dockerfile: good,
    min_level: "warning",
  });
  assert.deepEqual(fine["structuredContent"], { valid: true, errors: 0, warnings: 0, findings: [] });
  const { structuredContent } = await client.callTool("docker_validate_dockerfile", { dockerfile: bad });
  const { valid, findings } = Object(structuredContent);
  for (const { line, level, message, rule } of findings)
    console.log(`line ${line}: ${level}: ${message} [${rule}]`);
  assert.equal(valid, false);
  const errors = findings.filter(({ level }: { level: string }) => level === "error");
  assert.deepEqual(
    errors.map(({ line, rule }: { line: number; rule: string }) => `${line} ${rule}`),
    ["2 syntax", "3 secret-in-env", "4 mpi-missing"],
  );

  const { engines } = Object((await client.callTool("docker_list_engines", {}))["structuredContent"]);
  if (engines.some(({ state }: { state: string }) => state === "ready")) {
    const built = await client.callTool("docker_build_container", {
      dockerfile: ["FROM scratch", "COPY hello.txt /hello.txt", 'CMD ["/hello"]'],
      uri: "localhost/parley-example:1",
      files: { "hello.txt": "hello\n" },
    });
    const { engine, image_id } = Object(built["structuredContent"]);
    assert.match(String(image_id), /^sha256:[0-9a-f]{64}$/, JSON.stringify(built["content"]));
    console.log(`${engine} built localhost/parley-example:1`);
  } else console.log("No docker, podman or buildah answers here, so nothing is built.");
  await client.close();
} finally {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  if (server.exitCode === null && server.kill("SIGTERM")) await ended;
}
