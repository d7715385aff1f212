import { request } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMcpClient } from "@parley/mcp-client";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type FakeNomad, startFakeNomad } from "./_fake-nomad.ts";
import { run, start } from "./_run.ts";

/** The table of docs/guides/nomad.md, after the five checks that the seed names. */
const guide = await readFile(
  fileURLToPath(new URL("../../../../docs/guides/nomad.md", import.meta.url)),
  "utf8",
);
const table = guide.slice(
  guide.indexOf("## When it does not connect"),
  guide.indexOf("## Beside other servers"),
);
const symptoms = [...table.matchAll(/^\| ([^|-][^|]*?) +\|/gm)].map(([, cell = ""]) => cell).slice(1);

let fake: FakeNomad;
let env: Record<string, string>;
beforeEach(async () => {
  fake = await startFakeNomad();
  env = { NOMAD_ADDR: fake.address };
});
afterEach(() => fake.close());

/** What the first event of an SSE connection announces. */
async function announced(url: string): Promise<string> {
  const stop = new AbortController();
  const response = await fetch(url, { signal: stop.signal });
  const { value } = (await response.body?.getReader().read()) ?? {};
  stop.abort();
  return new TextDecoder().decode(value);
}

async function withHost(url: string, host: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host } }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve(text));
    });
    asked.on("error", reject).end();
  });
}

describe("[NMD-08] when it does not connect", () => {
  test("there is a row for each of the seed's five checks", () => {
    expect(symptoms).toEqual([
      "nothing on standard error",
      "`data: /mcp/messages`",
      "`E_HOST_REFUSED`",
      "`There is no`",
      "`There is no GET /mcp/sse`",
    ]);
  });

  test("a refused caller is in the audit log, not on standard error", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-nomad-audit-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const audit = join(folder, "audit.jsonl");
    const { url, stop } = await start(["--rest", "--port", "0", "--audit-log", audit], {
      ...env,
      MCPSERVER_TOKEN: "t",
    });
    expect((await fetch(`${url}/mcp/sse`)).status).toBe(401);
    const { err } = await stop();
    expect(err.split("\n").filter((line) => !/ready at|connect to/.test(line))).toEqual([]);
    expect(await readFile(audit, "utf8")).toContain("E_AUTH_REQUIRED");
  });

  test("BASE_URL puts a proxy's path before what SSE announces", async () => {
    const bare = await start(["--rest", "--port", "0"], env);
    expect(await announced(`${bare.url}/mcp/sse`)).toContain("data: /mcp/messages");
    const told = await start(["--rest", "--port", "0"], { ...env, BASE_URL: "https://example.org/nomad" });
    expect(await announced(`${told.url}/mcp/sse`)).toContain("data: /nomad/mcp/messages");
  });

  test("a name the server does not know is refused with the flag that adds it, and an open door with what closes it", async () => {
    const { url } = await start(["--rest", "--port", "0"], env);
    const refused = await withHost(`${url}/api/jobs`, "nomad.example.org");
    expect(refused).toContain("E_HOST_REFUSED");
    expect(refused).toContain("--allowed-hosts");
    const known = await start(["--rest", "--port", "0", "--allowed-hosts", "nomad.example.org"], env);
    expect(await withHost(`${known.url}/api/jobs`, "nomad.example.org")).toContain('"jobs"');
    expect((await run(["--rest", "--host", "0.0.0.0"], { env })).err).toContain("no token is set");
  });

  test("another path says which there are", async () => {
    const { url } = await start(["--rest", "--port", "0"], env);
    const wrong = await (await fetch(`${url}/sse/mcp`)).text();
    expect(wrong).toContain("There is no GET /sse/mcp; see /openapi.json.");
    const client = createMcpClient({ url: `${url}/mcp` });
    expect((await client.listTools()).length).toBeGreaterThan(10);
    await client.close();
  });

  test("SSE is there with --rest or --transport sse, and only then", async () => {
    const plain = await start(["--port", "0"], env);
    expect(await (await fetch(`${plain.url}/mcp/sse`)).text()).toContain("There is no GET /mcp/sse");
    for (const flags of [["--rest"], ["--transport", "sse"]]) {
      const { url } = await start([...flags, "--port", "0"], env);
      const client = createMcpClient({ url: `${url}/mcp/sse`, transport: "sse" });
      expect((await client.callTool("list_jobs", {}))["structuredContent"]).toEqual({ jobs: [] });
      await client.close();
    }
  });
});
