import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { file, post, raw, run, runs } from "./_program.ts";

const rawServer = raw.args[0] ?? "";
const until = (look: () => unknown): Promise<unknown> => vi.waitFor(look, { timeout: 20_000, interval: 50 });

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "parley-trouble-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function stateOf(url: string, name: string): Promise<{ state: string; reason?: string }> {
  const { servers } = (await (await fetch(`${url}/servers`)).json()) as {
    servers: { name: string; state: string; reason?: string }[];
  };
  return servers.find((server) => server.name === name) ?? { state: "unknown" };
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("[GTW-119] it does not start: the file is no JSON, and check says where", async () => {
  const config = await file(
    "config.json",
    '{\n  "mcpServers": {\n    "time": { "command": "x"\n    "b": {}\n  }\n}',
  );
  for (const words of [
    ["--config", config],
    ["check", "--config", config],
  ]) {
    const { code, err } = await run(words);
    expect([code, err]).toEqual([2, expect.stringMatching(/config\.json:4:5: /)]);
  }
  await writeFile(config, JSON.stringify({ mcpServers: { time: raw } }));
  expect((await run(["check", "--config", config])).code).toBe(0);
});

test("[GTW-119] a server is unreachable: its reason is shown, and it is there once it runs", async () => {
  const port = await freePort();
  const config = await file("c.json", { mcpServers: { grafana: { url: `http://127.0.0.1:${port}/mcp` } } });
  const url = await runs(["--port", "0", "--config", config]).url;
  await until(async () =>
    expect(await stateOf(url, "grafana")).toEqual(
      expect.objectContaining({ state: "unreachable", reason: expect.stringContaining(`127.0.0.1:${port}`) }),
    ),
  );
  expect((await post(`${url}/grafana/ask`, {})).status).toBe(502);
  const registry = createRegistry();
  registry.addTool(
    defineTool({ name: "ask", description: "Asks.", input: z.object({}), handler: () => "here again" }),
  );
  const server = createServer({ name: "grafana", version: "1", registry, closeGraceMs: 50 });
  onTestFinished(() => server.close());
  await server.listen({ port });
  await until(async () => expect((await stateOf(url, "grafana")).state).toBe("ready"));
  expect(await post(`${url}/grafana/ask`, {})).toEqual({ status: 200, text: '"here again"' });
});

/** A launcher that downloads the first time it runs, and is quick ever after. */
const launcher = (cache: string): string => `
const { existsSync, writeFileSync } = require("fs");
const start = () => { writeFileSync(${JSON.stringify(cache)}, ""); import(${JSON.stringify(rawServer)}); };
if (existsSync(${JSON.stringify(cache)})) start();
else setTimeout(start, 2500);
`;

test("[GTW-119] a first use takes long: it is installing, and warm does that before", async () => {
  const cache = join(await folder(), "cache");
  const context7 = { command: process.execPath, args: ["-e", launcher(cache)] };
  const config = await file("c.json", { mcpServers: { context7 } });
  const url = await runs(["--port", "0", "--config", config]).url;
  expect(await stateOf(url, "context7")).toMatchObject({ state: "installing" });
  expect((await post(`${url}/context7/echo`, { text: "x" }, { prefer: "wait=1" })).status).toBe(504);
  expect((await run(["warm", "--config", config])).code).toBe(0);
  const warmed = await runs(["--port", "0", "--config", config, "--start-timeout", "2"]).url;
  expect(await post(`${warmed}/context7/echo`, { text: "at once" })).toEqual({
    status: 200,
    text: '"at once"',
  });
});

test("[GTW-119] the health check fails: /docs answers before any server, and a port that is taken is named", async () => {
  const mute = { ...raw, args: [...raw.args, "mute"] };
  const config = await file("c.json", { mcpServers: { mute, raw } });
  const url = await runs(["--port", "0", "--config", config]).url;
  for (const path of ["/docs", "/healthz", "/readyz"])
    expect((await fetch(`${url}${path}`)).status).toBe(200);
  const { port } = new URL(url);
  const second = await run(["--port", port, "--config", config]);
  expect(second.code).not.toBe(0);
  expect(second.err).toMatch(new RegExp(`port ${port} is in use`));
});

test("[GTW-119] a program ends again and again: what is missing is named, and once it is there the program is", async () => {
  const bin = await folder();
  const program = join(bin, "mcp-server-git");
  await writeFile(program, "#!/usr/bin/env runtime-of-nobody\n", { mode: 0o755 });
  const config = await file("c.json", { mcpServers: { git: { command: "mcp-server-git" } } });
  const running = runs(["--port", "0", "--config", config], { PATH: `${bin}:${process.env["PATH"] ?? ""}` });
  const url = await running.url;
  await until(async () =>
    expect(await stateOf(url, "git")).toEqual(
      expect.objectContaining({
        state: "unreachable",
        reason: expect.stringMatching(/^runtime-of-nobody is missing: install runtime-of-nobody/),
      }),
    ),
  );
  expect(running.err()).toContain("git: unreachable: runtime-of-nobody is missing");
  const runtime = join(bin, "runtime-of-nobody");
  await writeFile(runtime, `#!${process.execPath}\nimport(${JSON.stringify(rawServer)});\n`);
  await chmod(runtime, 0o755);
  await until(async () => expect((await stateOf(url, "git")).state).toBe("ready"));
  expect(await post(`${url}/git/echo`, { text: "found" })).toEqual({ status: 200, text: '"found"' });
});

test("[GTW-118] a server is added while the gateway runs, by the steps of the guide", async () => {
  const config = await file("config.json", { mcpServers: { time: raw } });
  const running = runs(["--port", "0", "--config", config, "--hot-reload"]);
  const url = await running.url;
  await until(async () => expect((await stateOf(url, "time")).state).toBe("ready"));
  const slow = post(`${url}/time/slow`, { steps: 10, everyMs: 200 });

  const next = await file("next.json", {
    mcpServers: { time: raw, git: { ...raw, disabledTools: ["die"] } },
  });
  expect((await run(["check", "--config", next])).out).toContain("2 servers, 2 enabled");
  expect((await run(["warm", "git", "--config", next])).out).toContain("1 started and answered");
  expect((await run(["list", "git", "--config", next])).out).toMatch(/git\s+ready\s+echo, env/);
  await writeFile(
    config,
    JSON.stringify({ mcpServers: { time: raw, git: { ...raw, disabledTools: ["die"] } } }),
  );
  await until(() => expect(running.err()).toContain("Reloaded: added git."));

  expect(await stateOf(url, "git")).toMatchObject({ state: "ready" });
  expect((await fetch(`${url}/git/docs`)).status).toBe(200);
  expect(await post(`${url}/git/echo`, { text: "new" })).toEqual({ status: 200, text: '"new"' });
  expect((await post(`${url}/git/die`, {})).status).toBe(404);
  expect(await slow).toEqual({ status: 200, text: '"done"' });
});
