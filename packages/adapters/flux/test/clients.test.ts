import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { installShim } from "./_shim.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const fromSource = ["--conditions=@parley/source", "--import", "tsx"];
const parleyFlux = [...fromSource, join(root, "packages/adapters/flux/src/cli.ts")];
const mcpserver = [...fromSource, join(root, "apps/mcpserver/src/cli.ts"), "start", "-t", "stdio"];
const secret = "hf_0123456789abcdefghij";

let shim: Awaited<ReturnType<typeof installShim>>;
beforeEach(async () => {
  shim = await installShim();
});
afterEach(() => shim.remove());

/** Starts a server as a desktop host does: a command, arguments, and the variables of its configuration alone. */
async function connect(args: readonly string[], env: Record<string, string> = {}) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...args],
    env: { PATH: `${shim.path}:/usr/bin:/bin`, HOME: shim.path, HF_TOKEN: secret, ...env },
    cwd: root,
    stderr: "pipe",
  });
  const errors: string[] = [];
  transport.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const client = new Client({ name: "v1", version: "1.0.0" });
  onTestFinished(() => client.close());
  await client.connect(transport);
  /** Without those that follow a long call for a client that cannot. */
  const names = async (): Promise<string[]> =>
    (await client.listTools()).tools
      .map(({ name }) => name)
      .filter((name) => !/^(?:get|cancel)_task$/.test(name));
  return { client, names, errors: () => errors.join("") };
}

describe("[FLX-16] parley-flux over stdio", { timeout: 60_000 }, () => {
  test("lists and calls as a host of the v1 SDK starts it", async () => {
    const { client, names, errors } = await connect(parleyFlux);
    expect(client.getServerVersion()).toMatchObject({ name: "parley-flux", title: "Flux" });
    expect((await names()).length).toBeLessThanOrEqual(12);
    const listed = await client.callTool({ name: "flux_resource_list", arguments: {} });
    expect(listed).toMatchObject({ structuredContent: { free: { cores: 120, gpus: 4 } } });
    const submitted = await client.callTool({
      name: "flux_submit_job",
      arguments: { command: ["--x", "$(id)"] },
    });
    expect(submitted).toMatchObject({ structuredContent: { success: true, job_id: "f2P5pCuM" } });
    const refused = await client.callTool({ name: "flux_cancel_job", arguments: { job_id: "f2P5pCuM" } });
    expect(refused).toMatchObject({ isError: true });
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toContain("transform_jobspec_persona");
    expect(errors()).toBe("");
  });

  test("[FLX-04] the program flux sees no secret of the server, and no job does", async () => {
    const { client } = await connect(parleyFlux, {
      FLUX_MCP_PASS_ENVIRONMENT: "MODULEPATH",
      MODULEPATH: "/opt/m",
    });
    await client.callTool({ name: "flux_submit_job", arguments: { command: ["true"] } });
    const journal = await readFile(shim.journal, "utf8");
    expect(journal).not.toContain(secret);
    const { argv, input } = JSON.parse(journal.trim());
    expect(argv).toEqual(["flux", "job", "submit"]);
    const { environment } = JSON.parse(input).attributes.system;
    expect(Object.keys(environment).toSorted()).toEqual(["HOME", "MODULEPATH", "PATH"]);
  });

  test("--toolset and --read-only, as variables too, narrow what is served", async () => {
    const names = await (await connect([...parleyFlux, "--toolset", "control", "--read-only"])).names();
    expect(names.toSorted()).toEqual(["flux_attach_job", "flux_get_job_events", "flux_wait_job"]);
    const env = { FLUX_MCP_TOOLSETS: "site", FLUX_MCP_READ_ONLY: "true" };
    expect((await (await connect(parleyFlux, env)).names()).toSorted()).toEqual(["flux_list_queues", "flux_resource_list"]);
  }); // prettier-ignore

  test("a wrong toolset ends it with the ones there are; without flux a call says what to install", async () => {
    const ran = spawnSync(process.execPath, [...parleyFlux, "--toolset", "jbos"], {
      cwd: root,
      encoding: "utf8",
    });
    expect([ran.status, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toMatch(/--toolset: "jbos" is not one of jobs, site/);
    const { client } = await connect(parleyFlux, { PATH: "/nowhere" });
    const called = await client.callTool({ name: "flux_list_queues", arguments: {} });
    expect(called).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("install flux-core") }],
    });
  });
});

const built = existsSync(join(root, "packages/adapters/flux/dist/cli.js"));
const unbuilt = built ? "" : " (skipped: not built)";
describe.skipIf(!built)(`[FLX-16] the built parley-flux${unbuilt}`, { timeout: 60_000 }, () => {
  test("serves and calls over stdio", async () => {
    const { client, names, errors } = await connect([
      join(root, "packages/adapters/flux/bin/parley-flux.js"),
    ]);
    expect(await names()).toHaveLength(12);
    const listed = await client.callTool({ name: "flux_list_queues", arguments: {} });
    expect(listed).toMatchObject({ structuredContent: { queues: [{ name: "batch" }, { name: "gpu" }] } });
    expect(errors()).toBe("");
  });
});

describe("[FLX-07] mcpserver start", { timeout: 60_000 }, () => {
  test("takes the flags of the seed, with the dotted paths of flux-mcp", async () => {
    const { client, names } = await connect([
      ...mcpserver,
      "--tool",
      "flux_mcp.validate.flux_validate_jobspec",
      "--prompt",
      "flux_mcp.validate.flux_validate_jobspec_persona",
      "--tool",
      "flux_mcp.transformer.transform_jobspec",
      "--prompt",
      "flux_mcp.transformer.transform_jobspec_persona",
      "--tool",
      "flux_mcp.job.core.flux_submit_job",
    ]);
    expect((await names()).toSorted()).toEqual([
      "flux_submit_job",
      "flux_validate_jobspec",
      "transform_jobspec",
    ]);
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["flux_validate_jobspec_persona", "transform_jobspec_persona"]),
    );
    const verdict = await client.callTool({ name: "flux_validate_jobspec", arguments: { content: "" } });
    expect(verdict).toMatchObject({ structuredContent: { valid: false } });
  });

  test("serves the default tools when it loads the whole module", async () => {
    const names = await (await connect([...mcpserver, "--tool-module", "@parley/flux"])).names();
    expect(names).toHaveLength(12);
  });
});
