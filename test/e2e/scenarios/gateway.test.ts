import { createRequire } from "node:module";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Agent, request } from "undici";
import { expect, onTestFinished, vi } from "vitest";
import { makePair, writePair } from "../harness/certificates.ts";
import { fromSource, runChild } from "../harness/processes.ts";
import { modernClient, oldClient } from "../harness/clients.ts";
import { verifies } from "../verifies.ts";

const everything = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
);
const raw = fileURLToPath(new URL("../../../packages/gateway/test/fixtures/raw-server.mjs", import.meta.url));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const until = (look: () => unknown): Promise<unknown> => vi.waitFor(look, { timeout: 60_000, interval: 50 });

async function mcpo(servers: Readonly<Record<string, unknown>>, flags: readonly string[] = []) {
  const directory = await mkdtemp(join(tmpdir(), "parley-mcpo-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const config = join(directory, "config.json");
  await writeFile(config, JSON.stringify({ mcpServers: servers }));
  const child = runChild(["--config", config, "--port", "0", ...flags], { script: "apps/proxy/src/cli.ts" });
  await until(() => expect(child.stderr()).toMatch(/ at https?:\S+;/));
  const url = / at (https?:\/\/[\d.]+:\d+)/.exec(child.stderr())?.[1] ?? "";
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, json: JSON.parse(await response.text()) as unknown };
  };
  return { child, url, post };
}

verifies(
  ["GTW-22", "GTW-28"],
  "The reference server and ours behind one address, over REST and for the official clients of both eras.",
  async () => {
    const { url, post } = await mcpo({
      everything: { command: process.execPath, args: [everything] },
      ours: { command: process.execPath, args: [...fromSource, "start", "--transport", "stdio"] },
    });
    expect(await post("/everything/get-sum", { a: 1, b: 2 })).toEqual({
      status: 200,
      json: "The sum of 1 and 2 is 3.",
    });
    const { json: picture } = await post("/everything/get-tiny-image", {});
    expect(JSON.stringify(picture)).toContain("data:image/png;base64,");
    const weather = await post("/everything/get-structured-content", { location: "Chicago" });
    expect(weather.json).toMatchObject({ temperature: expect.any(Number) });
    expect((await post("/everything/get-structured-content", { location: "Nowhere" })).status).toBe(422);
    expect(await post("/ours/simple_echo", { message: "hi" })).toEqual({ status: 200, json: "hi" });

    const [old, modern] = [await oldClient(`${url}/mcp`), await modernClient(`${url}/mcp`)];
    for (const client of [old, modern]) {
      const { tools } = await client.listTools();
      const names = tools.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["everything_get_sum", "ours_simple_echo"]));
      const answer = await client.callTool({ name: "everything_echo", arguments: { message: "hi" } });
      expect(answer.content).toEqual([{ type: "text", text: "Echo: hi" }]);
    }
  },
  60_000,
);

verifies(["GTW-02"], "--ssl-certfile and --ssl-keyfile make it https.", async () => {
  const directory = await mkdtemp(join(tmpdir(), "parley-mcpo-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const pair = await makePair();
  const { certFile, keyFile } = await writePair(directory, pair);
  const { url } = await mcpo({ raw: { command: process.execPath, args: [raw] } }, [
    "-t",
    certFile,
    "-K",
    keyFile,
  ]);
  const dispatcher = new Agent({ connect: { ca: pair.cert } });
  onTestFinished(() => dispatcher.close());
  const { statusCode, body } = await request(`${url}/raw/echo`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"text": "safe"}',
    dispatcher,
  });
  expect([url.slice(0, 6), statusCode, await body.json()]).toEqual(["https:", 200, "safe"]);
});

verifies(
  ["GTW-29"],
  "SIGTERM lets a running call finish, and no program is left, not even of a gateway that was killed.",
  async () => {
    const servers = { raw: { command: process.execPath, args: [raw] } };
    const first = await mcpo(servers);
    const pid = Number((await first.post("/raw/pid", {})).json);
    const running = first.post("/raw/slow", { steps: 10, everyMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    first.child.signal("SIGTERM");
    expect(await running).toEqual({ status: 200, json: "done" });
    expect((await first.child.ended).code).toBe(0);
    await until(() => expect(isAlive(pid)).toBe(false));

    const second = await mcpo(servers);
    const orphan = Number((await second.post("/raw/pid", {})).json);
    await second.child.kill();
    await until(() => expect(isAlive(orphan)).toBe(false));
  },
  60_000,
);

verifies(
  ["GTW-160"],
  "A second signal does not wait for the calls that the first one lets finish.",
  async () => {
    const { child, post, url } = await mcpo({ raw: { command: process.execPath, args: [raw, "stubborn"] } });
    const pid = Number((await post("/raw/pid", {})).json);
    const cut = post("/raw/hang", {}).catch(() => "cut off");
    await until(async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain('mcp_gateway_running_calls{server="raw"} 1');
    });
    child.signal("SIGTERM");
    const ready = (): Promise<boolean> =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(async () => expect(await ready()).toBe(false));
    child.signal("SIGINT");
    // 0 would say that it waited for the grace time and closed.
    expect((await child.ended).code).toBe(130);
    expect(await cut).toBe("cut off");
    await until(() => expect(isAlive(pid)).toBe(false));
  },
  120_000,
);
