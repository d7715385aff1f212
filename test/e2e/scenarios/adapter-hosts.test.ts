import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { standaloneTools } from "@parley/nomad";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { sampleJob, startFakeNomad } from "../../../packages/adapters/nomad/test/_fake-nomad.ts";
import { checkServerFile } from "../../../examples/nomad/check-server-file.ts";
import { scratch } from "../harness/nodes.ts";
import { inspector, runClient } from "../harness/other-clients.ts";
import { verifies } from "../verifies.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const Config = z.strictObject({
  mcpServers: z.strictObject({
    nomad: z.strictObject({
      command: z.string(),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()),
    }),
  }),
});

/** The file people copy, with the address of a Nomad that is there. */
async function desktopConfig() {
  const fake = await startFakeNomad();
  onTestFinished(() => fake.close());
  const text = await readFile(join(root, "examples/nomad/claude_desktop_config.json"), "utf8");
  const config = Config.parse(JSON.parse(text.replace("http://127.0.0.1:4646", fake.address)));
  return { fake, config, entry: config.mcpServers.nomad };
}

verifies(
  ["NMD-10"],
  "Claude Desktop's configuration starts the built program, for a client of the v1 SDK",
  async () => {
    const { entry, fake } = await desktopConfig();
    const client = new Client({ name: "desktop", version: "1.0.0" });
    onTestFinished(() => client.close());
    await client.connect(new StdioClientTransport({ ...entry, cwd: root, stderr: "ignore" }));
    expect(client.getServerVersion()).toMatchObject({ name: "parley-nomad" });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual([...standaloneTools].toSorted());
    const spec = { name: "hello", type: "batch", driver: "raw_exec", command: "/bin/true" };
    const created = await client.callTool({ name: "create_job", arguments: { spec, wait: "complete" } });
    expect(created).toMatchObject({ structuredContent: { waited: { outcome: "succeeded" } } });
    expect(fake.state.jobs.has("default\nhello")).toBe(true);
  },
  60_000,
);

verifies(
  ["NMD-10"],
  "the Inspector's command line lists and calls with the same file",
  async (context) => {
    const program =
      inspector ?? context.skip("The Inspector is not installed; node scripts/check.mjs --ci installs it.");
    const { config, fake } = await desktopConfig();
    const home = await scratch();
    const file = join(home, "servers.json");
    await writeFile(file, JSON.stringify(config));
    const ask = (...method: string[]) =>
      runClient(program, ["--cli", "--config", file, "--server", "nomad", "--method", ...method], {
        HOME: home,
      });
    expect(await ask("tools/list")).toMatchObject({
      tools: expect.arrayContaining([expect.objectContaining({ name: "list_nomad_jobs" })]),
    });
    const body = JSON.stringify({ Job: sampleJob("web") });
    await fetch(`${fake.address}/v1/jobs`, { method: "POST", body });
    const called = await ask("tools/call", "--tool-name", "get_job_status", "--tool-arg", "job_id=web");
    expect(called).toMatchObject({ structuredContent: { job_id: "web", outcome: "running" } });
  },
  120_000,
);

verifies(
  ["NMD-09"],
  "the job that deploys the server validates, and one that does not fit the program is noticed",
  async () => {
    const hcl = await readFile(join(root, "examples/nomad/server.nomad.hcl"), "utf8");
    expect(await checkServerFile(hcl, undefined)).toContain("fits the program");
    for (const [good, bad] of [
      ['"--rest",', '"--rset",'],
      ["static = 8000", "static = 8001"],
      ['destination = "${NOMAD_SECRETS_DIR}/token"', 'destination = "${NOMAD_SECRETS_DIR}/tokens"'],
      ["identity {", "identity"],
    ] as const) {
      expect(hcl).toContain(good);
      await expect(checkServerFile(hcl.replace(good, bad), undefined)).rejects.toThrow(/./);
    }
  },
);
