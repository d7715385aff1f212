import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { parseGatewayConfig } from "@parley/gateway";
import { createMcpClient } from "@parley/mcp-client";
import { request } from "undici";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { repository } from "../harness/dockerfile.ts";
import { startMcpo } from "../harness/gateway.ts";
import { scratch } from "../harness/nodes.ts";
import { fromSource } from "../harness/processes.ts";
import { eventually } from "../harness/wait.ts";
import { verifies } from "../verifies.ts";

const raw = {
  command: process.execPath,
  args: [fileURLToPath(new URL("../../../packages/gateway/test/fixtures/raw-server.mjs", import.meta.url))],
};
const key = "key-of-the-recipes";
const guide = (name: string): Promise<string> =>
  readFile(join(repository, "docs/guides", `${name}.md`), "utf8");

const loader = fromSource.slice(0, -1);

/** The text below a heading, up to the next. */
const section = (text: string, heading: string): string =>
  new RegExp(`\n## ${heading}\n([\\s\\S]*?)(?=\n## |$)`).exec(text)?.[1] ?? "";
const blocks = (text: string, kind: string): readonly string[] =>
  Array.from(
    text.matchAll(new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\n\`\`\``, "g")),
    ([, inside = ""]) => inside,
  );
const block = (text: string, kind: string): string => blocks(text, kind)[0] ?? "";

const Address = z.object({ url: z.string(), headers: z.record(z.string(), z.string()) });
const Connection = z.object({
  url: z.string(),
  path: z.string(),
  auth_type: z.literal("bearer"),
  key: z.string(),
});
const Document = z.object({
  paths: z.record(z.string(), z.object({ post: z.object({ operationId: z.string() }) })),
});

/** What Open WebUI's server does with a connection: reads the document, makes a tool of each operation, calls one. */
async function asOpenWebUi(connection: z.infer<typeof Connection>, gateway: string) {
  const { host } = new URL(connection.url);
  const headers = { authorization: `Bearer ${connection.key}`, host, "content-type": "application/json" };
  const answer = await request(`${gateway}/${connection.path}`, { headers });
  const { paths } = Document.parse(await answer.body.json());
  const path = Object.keys(paths).find((each) => paths[each]?.post.operationId === "time_echo") ?? "";
  const called = await request(`${gateway}${path}`, { method: "POST", headers, body: '{"text": "hi"}' });
  return { status: called.statusCode, value: await called.body.json() };
}

const secrets = (text: string): string =>
  text
    .replaceAll("${input:mcpo-key}", key)
    .replaceAll("${MCPO_API_KEY}", key)
    .replaceAll("MCPO_API_KEY", key);

verifies(
  ["GTW-117"],
  "Each recipe reaches a tool behind a gateway that asks for a key.",
  async () => {
    const recipes = await guide("gateway-recipes");
    const { url, child } = await startMcpo(
      { mcpServers: { time: raw } },
      { flags: ["--allowed-hosts", "host.docker.internal"], env: { MCPO_API_KEY: key } },
    );
    const base = url.replace("0.0.0.0", "127.0.0.1");
    await eventually("the server is ready", () => child.stderr().includes("time: ready"), 60_000);
    const here = (text: string): string =>
      secrets(
        text.replaceAll("${MCPO_URL:-http://localhost:8000}", base).replaceAll("http://localhost:8000", base),
      );

    const [connection] = z
      .array(Connection)
      .parse(JSON.parse(secrets(block(section(recipes, "Open WebUI"), "json"))));
    if (connection === undefined) throw new Error("The recipe names a connection.");
    expect(await asOpenWebUi(connection, base)).toEqual({ status: 200, value: "hi" });
    const stranger = await request(`${base}/openapi.json`, { headers: { host: "evil.example" } });
    await stranger.body.dump();
    expect(stranger.statusCode).toBe(403);

    for (const [program, at] of [
      ["LobeChat", "mcpServers"],
      ["VS Code", "servers"],
      ["Claude Code", "mcpServers"],
    ] as const) {
      const file = z
        .record(z.string(), z.unknown())
        .parse(JSON.parse(here(block(section(recipes, program), "json"))));
      const entry = z.object({ mcpo: Address }).parse(file[at]).mcpo;
      const client = createMcpClient(entry);
      onTestFinished(() => client.close());
      const result = await client.callTool("time_echo", { text: program });
      expect([program, result["content"]]).toEqual([program, [{ type: "text", text: program }]]);
    }

    await tryBridge(section(recipes, "Claude Desktop").replaceAll("http://localhost:8000", base));
  },
  120_000,
);

/** Claude Desktop starts the command of its file, which reads the other file; it has the first SDK. */
async function tryBridge(recipe: string): Promise<void> {
  const folder = await scratch();
  const [desktop = "", bridge = ""] = blocks(recipe, "json");
  await writeFile(join(folder, "bridge.json"), bridge);
  await writeFile(join(folder, "mcpo-key"), `${key}\n`, { mode: 0o600 });
  const Command = z.object({ command: z.literal("npx"), args: z.array(z.string()) });
  const { mcpo } = z
    .object({ mcpServers: z.object({ mcpo: Command }) })
    .parse(JSON.parse(desktop)).mcpServers;
  // npx runs a package of two programs by its name alone only where one of them has that name.
  expect(mcpo.args.slice(0, 4)).toEqual(["-y", "--package", "@parley/proxy", "mcpo"]);
  const args = mcpo.args.slice(4).map((word) => word.replace("/path/to", folder));
  const client = new Client({ name: "claude-desktop", version: "1" });
  onTestFinished(() => client.close());
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [...loader, join(repository, "apps/proxy/src/cli.ts"), ...args],
      env: { HOME: folder },
      stderr: "ignore",
    }),
  );
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("lab_time_echo");
  const called = await client.callTool({ name: "lab_time_echo", arguments: { text: "desk" } });
  expect(called).toMatchObject({ content: [{ text: "desk" }] });
}

/** Flags and variables of mcpo 0.0.20. */
const theirs =
  "--host -h --port -p --cors-allow-origins --api-key -k --strict-auth --env -e --env-path --type --server-type --config -c --hot-reload --name -n --description -d --version -v --ssl-certfile -t --ssl-keyfile -K --root-path --path-prefix --header -H --log-level CONNECTION_TIMEOUT".split(
    " ",
  );

verifies(
  ["GTW-116"],
  "The page for those who come from mcpo names all its flags, which are flags here.",
  async () => {
    const page = await guide("from-mcpo");
    const named = Array.from(section(page, "Flags").matchAll(/`([^`\s]+)`/g), ([, flag = ""]) => flag);
    expect(theirs.filter((flag) => !named.includes(flag))).toEqual([]);
    const options = await readFile(join(repository, "apps/proxy/src/options.ts"), "utf8");
    const reference = `${await readFile(join(repository, "docs/reference/cli.md"), "utf8")}${options}`;
    const ours = named.filter((flag) => flag.startsWith("-") && flag !== "--");
    expect(ours.filter((flag) => !new RegExp(`["\`][^\`]*${flag}[ ,\`"]`).test(reference))).toEqual([]);
    const inUse = Array.from(page.matchAll(/\s(--[a-z][a-z-]+)/g), ([, flag = ""]) => flag);
    expect(
      inUse.filter((flag) => !["--install", "--global"].includes(flag) && !reference.includes(flag)),
    ).toEqual([]);
  },
);

verifies(
  ["GTW-116"],
  "A command line of mcpo serves as it stands, and the page's line opens it as it was.",
  async () => {
    const folder = await scratch();
    await writeFile(join(folder, ".env"), "FROM_FILE=file\n");
    const flags = [
      "--host",
      "127.0.0.1",
      "--name",
      "Tools",
      "-d",
      "All of them",
      "-v",
      "9.1",
      "--root-path",
      "/api",
    ];
    const more = [
      "--path-prefix",
      "/tools/",
      "-e",
      "FROM_FLAG=flag",
      "--env-path",
      join(folder, ".env"),
      "--log-level",
      "INFO",
    ];
    const page = section(await guide("from-mcpo"), "Switch in a minute");
    const open =
      /`(--host 0\.0\.0\.0 --insecure [^`]+)`/.exec(page)?.[1]?.replaceAll("'", "").split(" ") ?? [];
    const wide = open.map((word) => (word === "NAME" ? "miranda.incus" : word));
    const { url, child } = await startMcpo(
      { mcpServers: { time: raw } },
      { flags: [...flags, ...more, ...wide] },
    );
    expect(child.stderr()).toContain("on every address");
    const base = url.replace("0.0.0.0", "127.0.0.1");
    const headers = {
      host: "miranda.incus",
      origin: "http://page.example",
      "content-type": "application/json",
    };
    const ask = async (name: string) => {
      const answer = await request(`${base}/tools/time/env`, {
        method: "POST",
        headers,
        body: JSON.stringify({ name }),
      });
      return [answer.headers["access-control-allow-origin"], await answer.body.json()];
    };
    expect(await ask("FROM_FILE")).toEqual(["*", "file"]);
    expect(await ask("FROM_FLAG")).toEqual(["*", "flag"]);
    const document = await (await request(`${base}/openapi.json`, { headers })).body.json();
    expect(document).toMatchObject({ info: { title: "Tools", version: "9.1" }, servers: [{ url: "/api" }] });
  },
  120_000,
);

verifies(
  ["GTW-120"],
  "The example's file is the seed's: thirteen servers, two of them programs, four with tokens.",
  async () => {
    const text = await readFile(join(repository, "examples/proxy/config.json"), "utf8");
    const env = {
      GITEA_MCP_ACCESS_TOKEN: "a",
      ATHENA_MCP_AUTH: "b",
      GITHUB_PERSONAL_ACCESS_TOKEN: "c",
      HUGGINGFACE_MCP_TOKEN: "d",
    };
    const { servers } = parseGatewayConfig(text, { path: "config.json", env, readFile: () => "" });
    const names =
      "time upstash-context7 neo4j-cypher neo4j-memory grafana gitea argos-searxng athena github rommie caliban korax huggingface";
    expect(servers.map(({ name }) => name)).toEqual(names.split(" "));
    const kinds = servers.map(({ connection }) => connection.kind);
    expect(kinds.filter((kind) => kind === "stdio")).toHaveLength(2);
    const tokens = servers.flatMap(({ connection }) =>
      connection.kind === "stdio" ? [] : Object.values(connection.headers),
    );
    expect(tokens).toEqual(["Bearer a", "Bearer b", "Bearer c", "Bearer d"]);
    expect(servers.find(({ name }) => name === "athena")?.connection).toMatchObject({
      url: "http://puck.incus:22461/mcp",
    });
  },
);
