import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { standaloneTools } from "@parley/nomad";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const fromSource = ["--conditions=@parley/source", "--import", "tsx"];
const parleyNomad = [...fromSource, join(root, "packages/adapters/nomad/src/cli.ts")];
const mcpserver = [...fromSource, join(root, "apps/mcpserver/src/cli.ts"), "start", "-t", "stdio"];
const token = "good-token-of-the-fake";

let fake: FakeNomad;
beforeEach(async () => {
  fake = await startFakeNomad({ token });
});
afterEach(() => fake.close());

/** Starts a server as a desktop host does: a command, arguments, and the variables of its configuration alone. */
async function connect(args: readonly string[], env: Record<string, string> = {}) {
  const entry = {
    command: process.execPath,
    args: [...args],
    env: { NOMAD_ADDR: fake.address, NOMAD_TOKEN: token, ...env },
  };
  const transport = new StdioClientTransport({ ...entry, cwd: root, stderr: "pipe" });
  const errors: string[] = [];
  transport.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const client = new Client({ name: "v1", version: "1.0.0" });
  onTestFinished(() => client.close());
  await client.connect(transport);
  const names = async (): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name);
  return { client, names, errors: () => errors.join("") };
}

describe("[NMD-01] parley-nomad over stdio", { timeout: 60_000 }, () => {
  test("lists and calls as a host of the v1 SDK starts it", async () => {
    const { client, names, errors } = await connect([...parleyNomad, "--standalone"]);
    expect(client.getServerVersion()).toMatchObject({ name: "parley-nomad", title: "Nomad" });
    expect(client.getInstructions()).toContain("confirm: true");
    expect((await names()).toSorted()).toEqual([...standaloneTools].toSorted());
    const content = JSON.stringify({ Job: sampleJob("web") });
    const submitted = await client.callTool({ name: "submit_job_file", arguments: { content } });
    expect(submitted).toMatchObject({ structuredContent: { registered: true } });
    const listed = await client.callTool({ name: "list_nomad_jobs", arguments: {} });
    expect(listed).toMatchObject({ structuredContent: { jobs: [{ job_id: "web" }] } });
    const refused = await client.callTool({ name: "stop_job", arguments: { job_id: "web", purge: true } });
    expect(refused).toMatchObject({ isError: true });
    expect(errors()).toBe("");
    expect(JSON.stringify([submitted, listed, refused])).not.toContain(token);
  });

  test("--toolset and --read-only, as variables too, narrow what is served", async () => {
    const cluster = await connect([
      ...parleyNomad,
      "--toolset",
      "cluster",
      "--toolset",
      "nodes",
      "--read-only",
    ]);
    const names = await cluster.names();
    expect(names).toEqual(expect.arrayContaining(["get_cluster_status", "list_nodes"]));
    expect(names).not.toEqual(expect.arrayContaining(["drain_node"]));
    expect(names).not.toEqual(expect.arrayContaining(["list_jobs"]));
    const env = { NOMAD_MCP_TOOLSETS: "nodes", NOMAD_MCP_READ_ONLY: "true" };
    expect((await (await connect(parleyNomad, env)).names()).toSorted()).toEqual(["get_node", "list_nodes"]);
  });

  test("a wrong toolset ends it with the ones there are", async () => {
    const { spawnSync } = await import("node:child_process");
    const ran = spawnSync(process.execPath, [...parleyNomad, "--toolset", "jbos"], {
      cwd: root,
      encoding: "utf8",
    });
    expect([ran.status, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toMatch(/--toolset: "jbos" is not one of jobs, logs/);
  });
});

describe("[ADP-09] mcpserver start", { timeout: 60_000 }, () => {
  test("loads a single tool of the adapter by its name", async () => {
    const { client, names } = await connect([...mcpserver, "--tool", "@parley/nomad#list_nomad_jobs"]);
    expect(await names()).toEqual(["list_nomad_jobs"]);
    expect(await client.callTool({ name: "list_nomad_jobs", arguments: {} })).toMatchObject({
      structuredContent: { jobs: [] },
    });
  });

  test("loads it whole, with options from YAML", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-nomad-yaml-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const config = join(folder, "c.yaml");
    const options = "{toolsets: [nodes], readOnly: true, prefix: n_}";
    await writeFile(config, `discovery:\n  - path: "@parley/nomad"\n    options: ${options}\n`);
    const { names } = await connect([...mcpserver, "--config", config]);
    expect((await names()).toSorted()).toEqual(["n_get_node", "n_list_nodes"]);
  });
});
