import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const fromSource = ["--conditions=@parley/source", "--import", "tsx"];
const parleyHpc = [...fromSource, join(root, "packages/adapters/hpc/src/cli.ts")];
const built = [join(root, "packages/adapters/hpc/bin/parley-hpc.js")];
const mcpserver = [...fromSource, join(root, "apps/mcpserver/src/cli.ts"), "start", "-t", "stdio"];

/** Starts a server as a desktop host does: a command, arguments, and the variables of its configuration alone. */
async function connect(args: readonly string[], env: Record<string, string> = {}) {
  const entry = {
    command: process.execPath,
    args: [...args],
    env: { PATH: process.env["PATH"] ?? "", ...env },
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

async function folderWith(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "parley-hpc-clients-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), text);
  return folder;
}

describe("[HPC-12] parley-hpc over stdio", { timeout: 60_000 }, () => {
  test("the built program lists and calls as a host of the v1 SDK starts it", async () => {
    const folder = await folderWith("in.lj", "units lj\n");
    const args = ["--toolset", "files", "--toolset", "system", "--root", folder];
    const { client, names, errors } = await connect([...built, ...args]);
    expect(client.getServerVersion()).toMatchObject({ name: "parley-hpc", title: "HPC site" });
    expect(client.getInstructions()).toContain("confirm: true");
    expect(await names()).toEqual(expect.arrayContaining(["system_facts", "filesystem_read_file"]));
    const read = await client.callTool({ name: "filesystem_read_file", arguments: { path: "in.lj" } });
    expect(read).toMatchObject({ structuredContent: { content: "units lj\n" } });
    const refused = await client.callTool({
      name: "filesystem_read_file",
      arguments: { path: "/etc/passwd" },
    });
    expect(refused).toMatchObject({ isError: true });
    expect(errors()).toBe("");
  });

  test("serves ten tools of Slurm and the facts by default; variables narrow and widen", async () => {
    expect(await (await connect(parleyHpc)).names()).toEqual(
      expect.arrayContaining(["slurm_submit_job", "slurm_job_logs", "system_facts"]),
    );
    const env = { HPC_MCP_TOOLSETS: "slurm,files-write", HPC_MCP_READ_ONLY: "true" };
    const names = await (await connect(parleyHpc, env)).names();
    expect(names).toContain("slurm_queue");
    expect(names.filter((name) => /submit|cancel_job|write/.test(name))).toEqual([]);
    const folders = { HPC_ROOTS: `${tmpdir()}:/usr/share`, HPC_MCP_TOOLSETS: "files" };
    const { client } = await connect(parleyHpc, folders);
    const stat = await client.callTool({ name: "filesystem_stat", arguments: { path: "/usr/share" } });
    expect(stat).toMatchObject({ structuredContent: { type: "directory" } });
    const only = await connect([...parleyHpc, "--only", "slurm_queue"]);
    expect(await only.names()).toEqual(["slurm_queue"]);
  });

  test("a wrong toolset or tool ends it with the ones there are", () => {
    const start = (args: readonly string[]) =>
      spawnSync(process.execPath, [...parleyHpc, ...args], { cwd: root, encoding: "utf8", input: "" });
    const toolset = start(["--toolset", "slrum"]);
    expect([toolset.status, toolset.stdout]).toEqual([2, ""]);
    expect(toolset.stderr).toMatch(/--toolset: "slrum" is not one of slurm, slurm-extra/);
    const tool = start(["--only", "slurm_queu"]);
    expect([tool.status, tool.stdout]).toEqual([2, ""]);
    expect(tool.stderr).toMatch(/There is no tool slurm_queu/);
  });

  test("mcpserver loads a tool and a prompt by hpc-mcp's own paths", async () => {
    const paths = [
      ["--tool", "hpc_mcp.filesystem.tool.filesystem_list_directory"],
      ["--prompt", "hpc_mcp.t.job.validate.prompts.validate_jobspec_expert"],
    ].flat();
    const folder = await folderWith("x", "");
    const { client, names } = await connect([...mcpserver, ...paths], { HPC_ROOTS: folder });
    expect(await names()).toEqual(["filesystem_list_directory"]);
    const listed = await client.callTool({ name: "filesystem_list_directory", arguments: {} });
    expect(listed).toMatchObject({ structuredContent: { entries: [{ name: "x" }] } });
    const prompt = await client.getPrompt({
      name: "validate_jobspec_expert",
      arguments: { script: "#!/bin/sh" },
    });
    expect(JSON.stringify(prompt)).toContain("slurm_estimate_start");
  });
});
