import { chmod, readFile, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { createTensorPool, jobWriteConfig } from "@parley/tensorpool";
import { createRegistry, toolContext } from "@parley/tool-registry";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Way, type World, makeWorld } from "./_world.ts";

const guide = readFileSync(new URL("../../../../docs/guides/tensorpool.md", import.meta.url), "utf8");

async function enter(way: Way, env: Record<string, string | undefined> = {}): Promise<World> {
  const world = await makeWorld(way, { env });
  onTestFinished(() => world.close());
  return world;
}

/** What a model reads after a call. */
async function said(world: World, tool: string, args: Record<string, unknown> = {}): Promise<unknown> {
  const toolkit = createTensorPool({ ...world.options, schedule: () => () => {} });
  const registry = createRegistry();
  registry.replace(toolkit.origin, toolkit);
  const { content } = await registry.call(tool, args, toolContext());
  return content[0]?.["text"];
}

const rows: readonly (readonly [symptom: string, cause: () => Promise<unknown>])[] = [
  [
    "TENSORPOOL_API_KEY (or TENSORPOOL_KEY) is not set in the environment",
    async () => said(await enter("http", { TENSORPOOL_KEY: undefined }), "account_me"),
  ],
  [
    "The 'tp' CLI was not found",
    async () => said(await enter("0.0.9", { TENSORPOOL_TP: "no-tp" }), "account_me"),
  ],
  [
    "this tp takes other arguments than its help says",
    async () => {
      const world = await enter("0.0.9");
      // The help of one release, the arguments of another.
      const old = await readFile(String(world.options.env?.["TENSORPOOL_TP"]), "utf8");
      const path = join(world.folder, "tp-mixed");
      const choice = 'process.argv.includes("--help") ? "tp-0.0.6" : "tp-0.0.9"';
      await writeFile(
        path,
        old.replace(/splice\(2, 0, "(.*)tp-0\.0\.9(.*)"\)/, `splice(2, 0, "$1" + (${choice}) + "$2")`),
      );
      await chmod(path, 0o755);
      const options = { ...world.options, env: { ...world.options.env, TENSORPOOL_TP: path } };
      return said({ ...world, options }, "cluster_create", { instance_type: "1xH100" });
    },
  ],
  [
    "check the key in TENSORPOOL_KEY",
    async () => said(await enter("0.0.9", { TENSORPOOL_KEY: "no-good-key" }), "account_me"),
  ],
  [
    "the TensorPool engine cannot be reached",
    async () => said(await enter("0.0.9", { TENSORPOOL_ENGINE: "http://127.0.0.1:9" }), "account_me"),
  ],
  [
    "the engine wants this machine to run",
    async () => {
      const world = await enter("0.0.9");
      world.engine.mischief.pullCommand = "rsync -a x y";
      world.engine.state.jobs.set("j-1", {
        id: "j-1",
        cluster: "c-1",
        config: "",
        status: "running",
        output: [],
        teardown: false,
      });
      return said(world, "job_pull", { job_id: "j-1" });
    },
  ],
  [
    "job_push needs cluster_id",
    async () => {
      const world = await enter("http");
      await jobWriteConfig({ workdir: ".", commands: ["true"] }, world.options);
      return said(world, "job_push", { config_path: "tp.config.toml" });
    },
  ],
  [
    "Config file not found",
    async () => said(await enter("http"), "job_push", { config_path: "nowhere.toml" }),
  ],
  ["leads out of", async () => said(await enter("http"), "job_push", { config_path: "../tp.config.toml" })],
  ["with confirm: true", async () => said(await enter("http"), "cluster_destroy", { cluster_id: "c-123" })],
];

describe("[TPL-13] troubleshooting", { timeout: 60_000 }, () => {
  it.each(rows)("%s", async (symptom, cause) => {
    expect(guide).toContain(`| \`${symptom}\` `);
    expect(await cause()).toContain(symptom);
  });

  it("MCP error -32001 comes from a client that waits too briefly, and wait: false answers in time", async () => {
    expect(guide).toContain("| `MCP error -32001: Request timed out` ");
    const world = await enter("http");
    const { clusters } = world.engine.state;
    for (const id of ["c-1", "c-2"])
      clusters.set(id, { id, name: id, type: "1xH100", nodes: 1, keys: [], protected: false });
    const options = { ...world.options, sleep: () => new Promise<never>(() => {}) };
    const toolkit = createTensorPool({ ...options, schedule: () => () => {} });
    const registry = createRegistry();
    registry.replace(toolkit.origin, toolkit);
    const server = new Server({ name: "s", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      const { content, isError } = await registry.call(params.name, params.arguments ?? {}, toolContext());
      return { content: [...content], isError: isError ?? false };
    });
    const [near, far] = InMemoryTransport.createLinkedPair();
    const client = new Client({ name: "c", version: "1" });
    await Promise.all([server.connect(far), client.connect(near)]);
    const call = (cluster_id: string, wait: boolean) =>
      client.callTool(
        { name: "cluster_destroy", arguments: { cluster_id, confirm: true, wait } },
        undefined,
        { timeout: 1500 },
      );
    await expect(call("c-1", true)).rejects.toThrow("MCP error -32001: Request timed out");
    expect(await call("c-2", false)).toMatchObject({ isError: false });
    await client.close();
  });

  it("functions called directly apply their defaults", async () => {
    expect(guide).toContain("| a function called directly misses its defaults ");
    const world = await enter("http");
    const { toml, path } = await jobWriteConfig({ workdir: ".", commands: ["true"] }, world.options);
    expect(path).toMatch(/tp\.config\.toml$/);
    expect(toml).toBe('commands = [ "true" ]\noutputs = []\nignore = []\n');
  });
});
