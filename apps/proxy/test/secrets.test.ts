import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createMcpClient } from "@parley/mcp-client";
import { expect, onTestFinished, test, vi } from "vitest";
import { file, raw, run } from "./_program.ts";

/** Each stands in one place of the file; none looks like a secret by itself. */
const secrets = {
  header: "plainwordheader771",
  bearer: "plainwordbearer772",
  env: "plainwordenv773",
  key: "plainwordkey774",
  second: "plainwordsecond775",
  client: "plainwordclient776",
  fromEnv: "plainwordfromenv777",
  fromFile: "plainwordfromfile778",
  query: "plainwordquery779",
  path: "plainwordpath781",
  flag: "plainwordflag780",
};

/** The program itself, whose log goes to its standard error alone. */
function program(argv: readonly string[], env: Readonly<Record<string, string>>) {
  const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@parley/source", "--import", "tsx", cli, ...argv], {
    env: { PATH: process.env["PATH"], HOME: tmpdir(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece: Buffer) => {
      said += piece.toString();
    });
  }
  const url = vi.waitFor(() => / at (http:\/\/[\d.]+:\d+)/.exec(said)?.[1] ?? expect.unreachable(said), {
    timeout: 60_000,
    interval: 50,
  });
  return { child, url, ended: once(child, "close").then(() => said) };
}

/** A server that gives back all it was sent, in errors too, as careless ones do. */
async function parrot(): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(500, { "content-type": "text/plain" }).end(JSON.stringify(request.headers));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

/** A server whose tools are listed and whose calls end in the middle. */
async function failing(): Promise<string> {
  const tools = [{ name: "any", inputSchema: { type: "object" } }];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { id, method } = JSON.parse((await text(request)) || "{}");
    const results: Readonly<Record<string, unknown>> = {
      initialize: {
        protocolVersion: "2025-11-25",
        serverInfo: { name: "f", version: "1" },
        capabilities: { tools: {} },
      },
      "tools/list": { tools },
    };
    if (method === "tools/call") {
      response.writeHead(503).end(JSON.stringify(request.headers));
      return;
    }
    if (id === undefined) {
      response.writeHead(202).end();
      return;
    }
    const result = results[method];
    const said = result === undefined ? { error: { code: -32_601, message: "no" } } : { result };
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ jsonrpc: "2.0", id, ...said }));
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function world() {
  const url = await parrot();
  const failingUrl = `${await failing()}/${secrets.path}/mcp?key=${secrets.query}`;
  const token = await file("token", secrets.fromFile);
  const config = await file("c.json", {
    mcpServers: {
      raw: { ...raw, env: { TOKEN: secrets.env, OTHER: "${OTHER}" } },
      parrot: {
        type: "http",
        url,
        headers: { Authorization: `Bearer ${secrets.bearer}`, "X-Custom": secrets.header },
      },
      queried: {
        type: "http",
        url: `${url}?key=${secrets.query}`,
        headers: { "X-File": `\${file:${token}}` },
      },
      guarded: {
        type: "http",
        url,
        oauth: { grant: "client_credentials", client_id: "me", client_secret: secrets.client },
      },
      failing: { type: "http", url: failingUrl, headers: { "X-Custom": secrets.header } },
      away: { type: "sse", url: "http://127.0.0.1:9/sse", headers: { "X-Custom": secrets.header } },
    },
    keys: { one: { key: secrets.key }, two: { key: secrets.second, servers: ["parrot"] } },
    limits: { keys: { two: { perMinute: 1000 } } },
  });
  const env = { OTHER: secrets.fromEnv, MCPO_API_KEY: secrets.flag };
  return { config, env, log: join(config, "..", "audit.jsonl"), pins: join(config, "..", "mcpo.lock.json") };
}

test("[GTW-82] no secret of a configuration leaves it", { timeout: 120_000 }, async () => {
  const { config, env, log, pins } = await world();
  const gateway = program(
    [
      "--config",
      config,
      "--port",
      "0",
      "--host",
      "127.0.0.1",
      "--log-level",
      "debug",
      "--audit-log",
      log,
      "--pins",
      pins,
      "--scan-results",
      "warn",
    ],
    env,
  );
  const url = await gateway.url;
  const said: [where: string, text: string][] = [];
  const ask = async (path: string, { key = "", ...init }: RequestInit & { readonly key?: string } = {}) => {
    const headers = {
      "content-type": "application/json",
      ...(key === "" ? {} : { authorization: `Bearer ${key}` }),
    };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    said.push([
      `${init.method ?? "GET"} ${path}`,
      `${JSON.stringify([...response.headers])} ${await response.text()}`,
    ]);
    return response.status;
  };
  const open = [
    "/health",
    "/healthz",
    "/readyz",
    "/servers",
    "/openapi.json",
    "/raw/openapi.json",
    "/parrot/openapi.json",
    "/docs",
    "/nothing",
  ];
  for (const path of [...open, "/metrics"])
    for (const key of ["", secrets.key, secrets.second]) await ask(path, { key });
  const calls: readonly (readonly [string, unknown])[] = [
    ["/raw/echo", { text: "hi" }],
    ["/raw/echo", {}],
    ["/raw/none", {}],
    ["/parrot/any", {}],
    ["/queried/any", {}],
    ["/guarded/any", {}],
    ["/away/any", {}],
    ["/failing/any", { text: "x" }],
  ];
  for (const [path, body] of calls)
    await ask(path, { method: "POST", body: JSON.stringify(body), key: secrets.key });
  expect(await ask("/raw/echo", { method: "POST", body: "{}", key: `${secrets.key}x` })).toBe(401);
  expect(await ask("/raw/echo", { method: "POST", body: "{", key: secrets.flag })).toBe(422);
  for (const era of ["legacy", "modern"] as const) {
    const client = createMcpClient({ url: `${url}/mcp`, token: secrets.key, era });
    said.push([`tools/list ${era}`, JSON.stringify(await client.listTools())]);
    said.push([`server ${era}`, JSON.stringify(client.server ?? {})]);
    said.push([`tools/call ${era}`, JSON.stringify(await client.callTool("failing_any", {}))]);
    await client.close();
  }
  gateway.child.kill("SIGHUP");
  gateway.child.kill("SIGTERM");
  const written = await gateway.ended;
  expect(written).toContain("incoming request");
  said.push(["log", written]);
  for (const path of [log, pins]) said.push([path, await readFile(path, "utf8")]);
  const commands = [
    ["check"],
    ["check", "--json"],
    ["list"],
    ["list", "--json"],
    ["scan"],
    ["pins", "show", "--pins", pins],
    ["pins", "diff", "--pins", pins],
    ["audit", "verify", log],
    ["call", "failing.any", "{}", "--json"],
    ["call", "parrot.any", "{}"],
    ["--help"],
  ];
  for (const words of commands) {
    const takesFile = !["audit", "--help"].includes(words[0] ?? "") && words[1] !== "show";
    const ended = await run([...words, ...(takesFile ? ["--config", config] : [])], env);
    said.push([words.join(" "), `${ended.out} ${ended.err}`]);
  }
  expect(said.find(([where]) => where === "POST /failing/any")?.[1]).toContain("HTTP 503");
  const leaks = said.flatMap(([where, shown]) =>
    Object.entries(secrets)
      .filter(([, secret]) => shown.includes(secret))
      .map(([name]) => `${name} in ${where}`),
  );
  expect(leaks).toEqual([]);
  expect(said.length).toBeGreaterThan(50);
  expect(said.find(([where]) => where === log)?.[1]).toContain('"caller":"one"');
});

test("[GTW-82] nor does a file that is wrong show what stands in it", async () => {
  const wrong = await file("c.json", {
    mcpServers: {
      a: {
        type: "nonsense",
        url: "http://h/mcp",
        headers: { Authorization: `Bearer ${secrets.bearer}`, Deep: { x: secrets.header } },
      },
      b: { url: "http://h", oauth: { client_secret: 7, client_id: "x", grant: secrets.client } },
    },
    keys: { one: { key: secrets.key, more: secrets.second } },
    limits: { keys: { one: { perMinute: secrets.fromEnv } } },
    oauth: { issuer: secrets.query, audience: secrets.fromFile, scopes: secrets.flag },
  });
  for (const words of [
    ["check", "-c", wrong],
    ["check", "-c", wrong, "--json"],
    ["list", "-c", wrong],
    ["-c", wrong],
  ]) {
    const { code, out, err } = await run(words);
    expect(code).toBe(2);
    for (const secret of Object.values(secrets)) expect(`${out}${err}`).not.toContain(secret);
  }
});
