import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn } from "node:child_process";
import { networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { createMcpClient } from "@parley/mcp-client";
import { pythonServerTools } from "@parley/tensorpool";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { goodKey } from "./_fake-engine.ts";
import { type World, makeWorld } from "./_world.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const fromSource = [
  "--conditions=@parley/source",
  "--import",
  import.meta.resolve("tsx"),
  join(root, "packages/adapters/tensorpool/src/cli.ts"),
];
const built = join(root, "packages/adapters/tensorpool/bin/parley-tensorpool.js");
const token = "a-long-enough-token-of-the-test";

let world: World;
beforeEach(async () => {
  world = await makeWorld("0.0.9");
});
afterEach(() => world.close());

function environment(more: Record<string, string> = {}): Record<string, string> {
  const { env = {} } = world.options;
  const known = { ...env, TENSORPOOL_STATE_DIR: join(world.folder, "state"), ...more };
  return Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const fatal = /\bfatal\b|\bTypeError\b/;

/** Starts it as a desktop host does: a command, arguments, the variables of its configuration, any folder. */
async function connect(args: readonly string[], more: Record<string, string> = {}) {
  const entry = { command: process.execPath, args: [...args], env: environment(more), cwd: world.folder };
  const transport = new StdioClientTransport({ ...entry, stderr: "pipe" });
  const errors: string[] = [];
  transport.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const client = new Client({ name: "v1", version: "1.0.0" });
  onTestFinished(() => client.close());
  await client.connect(transport);
  const names = async (): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name);
  return { client, names, errors: () => errors.join("") };
}

/** Starts it as a hosting platform does, and waits until it says where it is. */
async function host(more: Record<string, string>): Promise<{ url: string; said: () => string }> {
  const child = spawn(process.execPath, [...fromSource], {
    cwd: world.folder,
    env: environment(more),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    return { url, said: () => said.join("\n") };
  }
  throw new Error(`It ended: ${said.join("\n")}`);
}

/** Runs it to its end; not synchronously, for the engine is in this process. */
async function run(args: readonly string[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...fromSource, ...args], {
    cwd: world.folder,
    env: environment(more),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once("exit", resolve)),
  ]);
  return { status, stdout, stderr };
}

describe("parley-tensorpool over stdio", { timeout: 90_000 }, () => {
  test("[TPL-01] lists and calls as a host of the v1 SDK starts it", async () => {
    const { client, names, errors } = await connect([...fromSource, "--python-tools"]);
    expect(client.getServerVersion()).toMatchObject({ name: "parley-tensorpool", title: "TensorPool" });
    const extra = ["cancel_task", "get_task"];
    expect((await names()).toSorted()).toEqual([...pythonServerTools, ...extra].toSorted());
    const args = { ssh_public_key: undefined, instance_type: "1xH100", name: null };
    const made = await client.callTool({ name: "cluster_create", arguments: args });
    expect(made).toMatchObject({ structuredContent: { created: true, cluster_id: "c-0001" } });
    const refused = await client.callTool({ name: "cluster_destroy", arguments: { cluster_id: "c-0001" } });
    expect(refused).toMatchObject({ isError: true });
    expect(world.engine.state.clusters.size).toBe(1);
    expect(errors()).not.toMatch(fatal);
    expect(JSON.stringify([made, refused, errors()])).not.toContain(goodKey);
  });

  test.skipIf(!existsSync(built.replace("bin/parley-tensorpool.js", "dist/cli.js")))(
    "works as it is built",
    async () => {
      const { names } = await connect([built, "--read-only"]);
      const listed = await names();
      expect(listed).toEqual(expect.arrayContaining(["account_me", "job_listen"]));
      expect(listed).not.toContain("cluster_create");
    },
  );

  test("[TPL-08] a server killed before the deadline is followed by one that keeps it", async () => {
    const lease = { instance_type: "1xH100", lease_hours: 0.0003 };
    const first = await connect(fromSource);
    await first.client.callTool({ name: "cluster_create", arguments: { ...lease, dry_run: true } });
    expect(world.engine.state.clusters.size).toBe(0);
    await first.client.callTool({ name: "cluster_create", arguments: lease });
    expect(world.engine.state.clusters.size).toBe(1);
    await first.client.close();
    const { errors } = await connect(fromSource);
    await expect.poll(() => world.engine.state.clusters.size, { timeout: 60_000 }).toBe(0);
    expect(errors()).not.toMatch(fatal);
  });

  test("[TPL-12] --check prints its sentences and ends", async () => {
    const good = await run(["--check"]);
    // Standard output is the protocol's alone, as long as the transport is stdio.
    expect([good.status, good.stdout]).toEqual([0, ""]);
    expect(good.stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^The tp program is/),
      expect.stringMatching(/can be reached\.$/),
      expect.stringMatching(/^The key is good/),
    ]);
    const bad = await run(["--check"], { TENSORPOOL_KEY: "wrong-key-0123456789" });
    expect(bad.status).toBe(4);
    expect(bad.stderr).toMatch(/check the key/);
    expect(bad.stdout + bad.stderr).not.toContain("wrong-key");
  });

  test("a wrong toolset, flag or file ends it with one sentence", async () => {
    expect(await run(["--toolset", "jbos"])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/"jbos" is not one of clusters, jobs/),
    });
    expect(await run(["--readonly"])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/--read-only/),
    });
    expect(await run(["--dotenv", world.folder])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/cannot be read/),
    });
  });
});

describe("[TPL-14] parley-tensorpool on a platform", { timeout: 90_000 }, () => {
  test("serves /mcp on PORT behind its token, to clients of both eras", async () => {
    const { url, said } = await host({ PORT: "0", MCPSERVER_TOKEN: token });
    const { port } = new URL(url);
    const mcp = `http://127.0.0.1:${port}/mcp`;
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((face) => face?.internal === false && face.family === "IPv4");
    const other = outside?.address ?? "127.0.0.1";
    expect((await fetch(`http://${other}:${port}/healthz`)).status).toBeLessThan(500);
    expect((await fetch(mcp, { method: "POST", body: "{}" })).status).toBe(401);
    const old = new Client({ name: "v1", version: "1.0.0" });
    const headers = { authorization: `Bearer ${token}` };
    await old.connect(new StreamableHTTPClientTransport(new URL(mcp), { requestInit: { headers } }));
    expect(await old.callTool({ name: "account_me", arguments: {} })).toMatchObject({
      content: [{ text: "ada@example.org, balance $12.50" }],
    });
    await old.close();
    const modern = createMcpClient({ url: mcp, token });
    expect((await modern.callTool("version", {})).structuredContent).toMatchObject({ generation: "current" });
    await modern.close();
    expect(said()).not.toContain(goodKey);
  });

  test("does not start without a token, unless told to", async () => {
    const { status, stderr } = await run([], { PORT: "0" });
    expect(status).toBe(2);
    expect(stderr).toMatch(/no token is set.*--insecure/);
  });

  test("without PORT it is at port 3000 of this machine", async () => {
    const { stdout } = await run(["--transport", "http", "--print-config"]);
    expect(stdout).toMatch(/port\b.*3000/);
  });
});
