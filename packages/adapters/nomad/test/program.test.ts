import { createMcpClient } from "@parley/mcp-client";
import { defaultToolsets, nomadOperations } from "@parley/nomad";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";
import { run, start } from "./_run.ts";

let fake: FakeNomad;
let env: Record<string, string>;
beforeEach(async () => {
  fake = await startFakeNomad();
  env = { NOMAD_ADDR: fake.address };
});
afterEach(() => fake.close());

async function json(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect in it
  const body: any = await response.json();
  return { status: response.status, body };
}

describe("[NMD-02] parley-nomad --rest", () => {
  test("asks for port 8000 and SSE beside HTTP, and yields to what is given", async () => {
    const shown = async (argv: readonly string[], more = {}) => {
      const { out } = await run(["--print-config", "--json", ...argv], { env: { ...env, ...more } });
      const { settings } = JSON.parse(out);
      return [settings["--transport"].value, settings["--port"].value, settings["--host"].value];
    };
    expect(await shown(["--rest"])).toEqual(["sse", 8000, "127.0.0.1"]);
    expect(await shown([], { NOMAD_MCP_REST: "1" })).toEqual(["sse", 8000, "127.0.0.1"]);
    expect(await shown(["--rest", "--port", "9000"])).toEqual(["sse", 9000, "127.0.0.1"]);
    expect(await shown(["--rest", "-t", "http"], { MCPSERVER_PORT: "7000" })).toEqual([
      "http",
      7000,
      "127.0.0.1",
    ]);
    expect((await shown([]))[0]).toBe("stdio");
  });

  test("serves REST, OpenAPI, MCP and SSE in one process", async () => {
    const { url, stop } = await start(
      ["--rest", "--port", "0", "--title", "Our Nomad", "--about", "Of ours."],
      env,
    );
    const submit = { content: JSON.stringify({ Job: sampleJob("web") }) };
    const headers = { "content-type": "application/json" };
    const posted = await json(`${url}/api/jobs/submit`, {
      method: "POST",
      headers,
      body: JSON.stringify(submit),
    });
    expect(posted).toMatchObject({ status: 200, body: { registered: true } });
    expect((await json(`${url}/api/jobs`)).body).toMatchObject({
      jobs: [{ job_id: "web", allocations: { running: 1 } }],
    });
    const { body: described } = await json(`${url}/openapi.json`);
    expect(described.info).toMatchObject({ title: "Our Nomad", description: "Of ours." });
    const tagged = Object.values<Record<string, { tags?: string[] }>>(described.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ tags = [] }) => tags),
    );
    expect([...new Set(tagged)].toSorted()).toEqual([...defaultToolsets].toSorted());
    const client = createMcpClient({ url: `${url}/mcp/sse`, transport: "sse" });
    expect((await client.callTool("list_jobs", {}))["structuredContent"]).toMatchObject({
      jobs: [{ job_id: "web" }],
    });
    await client.close();
    expect((await stop()).code).toBe(0);
  });

  test("narrows the routes by toolset, as include_tags did", async () => {
    const { url } = await start(["--rest", "--port", "0", "--toolset", "logs"], env);
    const { body } = await json(`${url}/openapi.json`);
    const own = Object.keys(body.paths).filter((path) => path.startsWith("/api/"));
    const wanted = nomadOperations.filter(({ toolset }) => toolset === "logs").map(({ route }) => route.path);
    expect(own.toSorted()).toEqual(wanted.toSorted());
  });

  test("leaves REST out where it is not asked for", async () => {
    const { url } = await start(["--port", "0"], env);
    expect((await json(`${url}/api/jobs`)).status).toBe(404);
  });
});

describe("[NMD-01] parley-nomad refuses", () => {
  test.each([
    [["--rest", "--transport", "stdio"], /--rest serves HTTP: leave --transport stdio out/],
    [["--standalone", "--toolset", "jobs", "--port", "0"], /name one/],
    [["--toolset", "jbos"], /"jbos" is not one of jobs, logs/],
    [["--read-only=maybe"], /--read-only/],
    [["--rest", "--host", "0.0.0.0"], /MCPSERVER_TOKEN/],
    [["--config", "/no/such.yaml"], /no\/such\.yaml/],
  ])("%j with 2 and a sentence", async (argv, message) => {
    const { code, err, out } = await run(argv, { env });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err).not.toContain("    at ");
  });

  test("what a YAML file has wrong, by its place", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-nomad-program-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const config = join(folder, "c.yaml");
    await writeFile(config, "nomad:\n  toolsets: [jobs, lgos]\n");
    expect(await run(["--config", config], { env })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/c\.yaml:2:/),
    });
  });
});
