import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";
import { callTool, ownClient } from "../harness/clients.ts";
import { repository } from "../harness/dockerfile.ts";
import { startHub, startNode, startWorker } from "../harness/nodes.ts";
import { verifies } from "../verifies.ts";

const folder = join(repository, "examples");

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of an example as a user does, against a server of ours. */
function script(
  path: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const argv = ["--conditions=@parley/source", "--import", "tsx", join(folder, path), ...words];
  const { MCPSERVER_TOKEN: _token, ...clean } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      argv,
      { cwd: repository, env: { ...clean, ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

verifies(
  ["EX-01"],
  "echo hears the same by client and by fetch, and ends with 1 where there is no echo",
  async () => {
    const node = await startNode({}, { MCPSERVER_TOKEN: "s3cret" });
    const heard = await script("echo/main.ts", [node.url], { MCPSERVER_TOKEN: "s3cret" });
    expect(heard).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/client heard: .+\nfetch heard: /),
    });
    expect((await script("echo/main.ts", [node.url])).code).toBe(1);
  },
);

verifies(["EX-02"], "list-tools and list-prompts print what is served, and compare both ways", async () => {
  const node = await startNode({
    tool: [`${folder}/list-tools/tools.ts#add`],
    prompt: [`${folder}/list-prompts/prompts.ts#explain_failure`],
  });
  const tools = await script("list-tools/main.ts", [node.url]);
  expect(tools).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("add(left, right)  Adds two numbers."),
  });
  const prompts = await script("list-prompts/main.ts", [node.url]);
  expect(prompts).toMatchObject({ code: 0, stdout: expect.stringContaining("explain_failure  Asks why") });
});

verifies(["EX-03"], "query lists, calls, and calls a site through its hub", async () => {
  const hub = await startHub();
  const worker = await startWorker(hub, "10", { mock: "hpc" });
  const listed = await script("query/query.ts", [worker.url]);
  expect(listed.stdout).toMatch(/"name": "get_status"[^]*"inputSchema"/);
  const called = await script("query/query.ts", [hub.url, "n_10_get_status"]);
  expect(JSON.parse(called.stdout)).toMatchObject({ worker_id: "10", manifest: expect.anything() });
  const unknown = await script("query/query.ts", [hub.url, "n_11_get_status"]);
  expect(unknown).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("n_11_get_status") });
  const wrong = await script("query/query.ts", [hub.url, "n_10_get_status", "[1]"]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("usage: ") });
});

verifies(["EX-04"], "the docker-build file serves the persona and finds faults by line", async () => {
  const node = await startNode({ config: join(folder, "docker-build/mcpserver.yaml"), strict: true });
  const client = ownClient(node.url);
  const persona = await client.getPrompt("docker_build_persona_prompt", { application: "lammps" });
  expect(JSON.stringify(persona)).toContain("docker_validate_dockerfile");
  const tool = "docker_validate_dockerfile";
  const good = await callTool(node, tool, {
    dockerfile: "FROM debian:12\nUSER 1000\n",
    min_level: "warning",
  });
  expect(good.value).toMatchObject({ valid: true, findings: [] });
  const bad = await callTool(node, tool, { dockerfile: ["FROM debian:12", "RUM make"], min_level: "error" });
  expect(bad.value).toMatchObject({ valid: false, findings: [{ line: 2, level: "error" }] });
});
