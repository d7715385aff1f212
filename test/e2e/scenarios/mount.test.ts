import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { createMcpClient } from "@parley/mcp-client";
import { stringify } from "yaml";
import { expect, onTestFinished } from "vitest";
import { callTool, http, oldClient } from "../harness/clients.ts";
import { scratch, startNode } from "../harness/nodes.ts";
import { runToEnd, spawnServer } from "../harness/processes.ts";
import { eventually } from "../harness/wait.ts";
import { verifies } from "../verifies.ts";

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const everything = at("node_modules/@modelcontextprotocol/server-everything/dist/index.js");
const v1 = at("packages/mcp-client/test/fixtures/v1-server.mjs");
const v2 = at("packages/mcp-client/test/fixtures/v2-server.mjs");

const stdio = (name: string, file: string, more: object = {}) => ({
  name,
  command: process.execPath,
  args: [file],
  ...more,
});

async function configured(mount: readonly object[], more: object = {}): Promise<string> {
  const path = join(await scratch(), "c.yaml");
  await writeFile(path, stringify({ mount, ...more }));
  return path;
}

const states = async (base: string): Promise<Record<string, string>> =>
  (await http(`${base}/health`)).body.mounts;

const allReady = (base: string) =>
  eventually("all mounts ready", async () =>
    Object.values(await states(base)).every((state) => state === "ready"),
  );

verifies(["MNT-01", "MNT-10"], "the command mounts a URL by flag and programs by file", async () => {
  const site = await startNode({});
  const config = await configured([
    stdio("every", everything, { exclude: ["get-env"] }),
    stdio("v2", v2, { prefix: "second" }),
  ]);
  const server = await spawnServer(["--port", "0", "--config", config, "--mount", `other=${site.url}`]);
  await allReady(server.base);
  const client = await oldClient(server.url);
  const names = (await client.listTools()).tools.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["every_echo", "second_echo", "other_simple_echo"]));
  expect(names).not.toContain("every_get_env");
  expect(names).not.toContain("simple_echo");
  expect(await callTool(server, "every_get_sum", { a: 2, b: 3 })).toMatchObject({
    text: expect.stringContaining("5"),
  });
  expect((await client.getPrompt({ name: "every_simple_prompt" })).messages).toHaveLength(1);
  const { resources } = await client.listResources();
  const { contents } = await client.readResource({ uri: resources[0]?.uri ?? "" });
  expect(contents[0]?.uri).toBe(resources[0]?.uri);
});

verifies(["MNT-04"], "children end with the server, and one that is killed comes back", async () => {
  const server = await spawnServer(["--port", "0", "--config", await configured([stdio("v2", v2)])]);
  await allReady(server.base);
  const pid = async () => Number((await callTool(server, "v2_pid")).text);
  const first = await pid();
  process.kill(first, "SIGKILL");
  await eventually("it was started again", async () => {
    const now = await pid();
    return now !== first && (await states(server.base))["v2"] === "ready";
  });
  const last = await pid();
  server.signal("SIGTERM");
  expect((await server.ended).code).toBe(0);
  expect(() => process.kill(last, 0)).toThrow(/ESRCH/);
});

verifies(
  ["MNT-07"],
  "an absent mount delays nothing; a required one is waited for and reported",
  async () => {
    const gone = { name: "gone", url: "http://127.0.0.1:9/mcp" };
    const node = await startNode({ config: await configured([gone]) });
    await eventually("it is told", async () => (await states(node.base))["gone"] === "unreachable");
    expect((await http(`${node.base}/readyz`)).status).toBe(200);
    const config = await configured([{ ...gone, required: true, timeout: 1 }]);
    await expect(startNode({ config })).rejects.toThrow(
      /^mount\[0\]: gone has to be there and is unreachable: Cannot reach 127\.0\.0\.1:9/,
    );
    await expect(
      startNode({ config: await configured([{ ...gone, timeout: 1 }]), strict: true }),
    ).rejects.toThrow(/gone has to be there/);
    const site = await startNode({});
    const needs = await startNode({ config: await configured([{ ...gone, url: site.url, required: true }]) });
    expect((await http(`${needs.base}/readyz`)).status).toBe(200);
    await site.close();
    await callTool(needs, "gone_simple_echo", { message: "x" });
    const ready = await http(`${needs.base}/readyz`);
    expect([ready.status, ready.body.reasons]).toEqual([503, ["mount gone is unreachable"]]);
  },
);

verifies(["MNT-05"], "a required mount whose names are taken ends the start with both origins", async () => {
  const site = await startNode({});
  const twins = [
    { name: "a", url: site.url, prefix: "same", required: true },
    { name: "b", url: site.url, prefix: "same", required: true },
  ];
  await expect(startNode({ config: await configured(twins) })).rejects.toThrow(
    /mount (?:a|b).*mount (?:a|b)/s,
  );
});

verifies(
  ["MNT-08"],
  "questions of v1 and v2 servers reach clients of both eras through the server",
  async () => {
    const server = await startNode({ config: await configured([stdio("v1", v1), stdio("v2", v2)]) });
    await allReady(server.base);
    const asked: unknown[] = [];
    const old = new OldClient({ name: "old", version: "1" }, { capabilities: { elicitation: {} } });
    old.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params.message);
      return { action: "accept", content: { name: "Ada", tone: "kind" } };
    });
    await old.connect(new OldTransport(new URL(server.url)));
    onTestFinished(() => old.close());
    const own = createMcpClient({
      url: server.url,
      era: "modern",
      handlers: { "elicitation/create": () => ({ action: "accept", content: { name: "Bob", tone: "dry" } }) },
    });
    onTestFinished(() => own.close());
    for (const name of ["v1_ask", "v2_ask"]) {
      expect(await old.callTool({ name, arguments: {} })).toMatchObject({ content: [{ text: "kind Ada" }] });
      expect(await own.callTool(name)).toMatchObject({ content: [{ text: "dry Bob" }] });
    }
    expect(asked).toEqual(["Who?", "Who?"]);
  },
);

const startOnce = (...flags: string[]) => runToEnd(["start", "--port", "0", ...flags]);

verifies(["MNT-10"], "a mistake is one sentence that says where", async () => {
  const mistakes: [readonly object[], RegExp][] = [
    [[{ url: "http://x/mcp" }], /c\.yaml:2:5: mount\[0\]: give it a name\./],
    [[{ name: "x" }], /mount\[0\]: give it a url or a command, and not both\./],
    [[{ name: "x", url: "http://x/mcp", comand: "y" }], /"mount\[0\]\.comand"; did you mean "command"/],
    [[{ name: "x", url: "http://x/mcp", args: [] }], /mount\[0\]\.args: it goes with command, not with url/],
    [[{ name: "x y", url: "http://x/mcp" }], /mount\[0\]\.name: write a name of a letter/],
    [
      [
        { name: "x", url: "http://x/mcp" },
        { name: "x", url: "http://y/mcp" },
      ],
      /a mount named "x" already/,
    ],
    [[{ name: "x", url: "http://x/mcp", token_file: "no" }], /token_file: .*\/no cannot be read or is empty/],
    [[{ name: "x", command: "y", cwd: "no" }], /cwd: .*\/no is no directory/],
  ];
  for (const [mount, message] of mistakes) {
    await expect(startNode({ config: await configured(mount) })).rejects.toThrow(message);
  }
  const flag = await startOnce("--mount", "x=node server.js");
  expect([flag.code, flag.stderr]).toEqual([2, expect.stringMatching(/--mount: .* is not an http or https/)]);
  const secret = await startOnce("--mount", "x=http://user:hunter2@host/mcp");
  expect(secret.code).toBe(2);
  expect(secret.stderr).not.toContain("hunter2");
});

verifies(["MNT-10"], "secrets of a mount reach the server and no output", async () => {
  const tokenFile = join(await scratch(), "token");
  await writeFile(tokenFile, "tok-31337\n");
  const site = await spawnServer(["--port", "0", "--token-file", tokenFile]);
  const config = await configured([
    { name: "site", url: site.url, token_file: tokenFile, headers: { "x-key": "${KEY}" } },
    stdio("every", everything, { env: { API_KEY: "${KEY}" } }),
  ]);
  const env = { KEY: "key-31337" };
  const server = await spawnServer(["--port", "0", "--config", config], { env });
  await allReady(server.base);
  expect((await callTool(server, "site_simple_echo", { message: "in" })).text).toContain("in");
  expect((await callTool(server, "every_get_env")).text).toContain("key-31337");
  const shown = await runToEnd(["start", "--config", config, "--print-config"], { env });
  expect(shown.stdout).toContain("site");
  const health = (await http(`${server.base}/health`)).text;
  for (const text of [shown.stdout, shown.stderr, server.stderr(), health]) expect(text).not.toMatch(/31337/);
});

verifies(["MNT-11"], "--watch mounts what the file names now and keeps the rest running", async () => {
  const config = await configured([stdio("v2", v2)], { settings: { watch: true } });
  const node = await startNode({ config });
  await allReady(node.base);
  const pid = (await callTool(node, "v2_pid")).text;
  await writeFile(
    config,
    stringify({ mount: [stdio("v2", v2), stdio("v1", v1)], settings: { watch: true } }),
  );
  await eventually("the second is mounted", async () => (await states(node.base))["v1"] === "ready");
  expect((await callTool(node, "v2_pid")).text).toBe(pid);
  await writeFile(config, stringify({ mount: [stdio("v1", v1)], settings: { watch: true } }));
  await eventually("the first is gone", async () => (await states(node.base))["v2"] === undefined);
  expect((await callTool(node, "v1_echo", { text: "still" })).text).toBe("still");
});
