import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { scratch } from "../harness/nodes.ts";
import { inspector, runClient } from "../harness/other-clients.ts";
import { verifies } from "../verifies.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const Entry = z.strictObject({
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).optional(),
});
const Config = z.strictObject({ mcpServers: z.record(z.string(), Entry) });

/** One call of each that needs nothing but the program. */
const calls = {
  flux: {
    tool: "transform_jobspec",
    args: { batch_job: "#!/bin/sh\n#SBATCH -N 2\nsrun hostname\n", to_format: "flux" },
    answers: { status: "SUCCESS" },
  },
  hpc: { tool: "filesystem_list_directory", args: { path: "." }, answers: { total: 0 } },
  tensorpool: { tool: "lease_list", args: {}, answers: { leases: [] } },
} as const;

/** The configuration a guide tells people to copy, started from this checkout: `npx -y PACKAGE` is the package's bin. */
async function guideEntry(name: keyof typeof calls) {
  const guide = await readFile(join(root, `docs/guides/${name}.md`), "utf8");
  const block = /```json\n(\{\s*"mcpServers"[\s\S]*?)\n```/.exec(guide)?.[1] ?? "";
  const [entry] = Object.values(Config.parse(JSON.parse(block)).mcpServers);
  const words = entry === undefined ? [] : [entry.command, ...entry.args];
  const from = words.indexOf("npx");
  expect(words.slice(from, from + 3)).toEqual(["npx", "-y", `@parley/${name}`]);
  const home = await scratch();
  const open = await scratch();
  return {
    home,
    command: process.execPath,
    args: [join(root, `packages/adapters/${name}/bin/parley-${name}.js`), ...words.slice(from + 3)],
    env: { HOME: home, HPC_ROOTS: open, ...entry?.env },
  };
}

for (const [name, { tool, args, answers }] of Object.entries(calls)) {
  const adapter = name as keyof typeof calls; // Object.entries widens the keys

  verifies(
    ["ADP-10"],
    `${name}: the guide's configuration starts the built program for a client of the v1 SDK`,
    async () => {
      const { home: _home, ...entry } = await guideEntry(adapter);
      const client = new Client({ name: "desktop", version: "1.0.0" });
      onTestFinished(() => client.close());
      await client.connect(new StdioClientTransport({ ...entry, cwd: root, stderr: "ignore" }));
      expect(client.getServerVersion()).toMatchObject({ name: `parley-${name}` });
      const { tools } = await client.listTools();
      expect(tools.map((listed) => listed.name)).toContain(tool);
      expect(await client.callTool({ name: tool, arguments: args })).toMatchObject({
        structuredContent: answers,
      });
    },
    60_000,
  );

  verifies(
    ["ADP-10"],
    `${name}: the Inspector's command line lists and calls with the same configuration`,
    async (context) => {
      const program =
        inspector ?? context.skip("The Inspector is not installed; node scripts/check.mjs --ci installs it.");
      const { home, ...entry } = await guideEntry(adapter);
      const file = join(home, "servers.json");
      await writeFile(file, JSON.stringify({ mcpServers: { [name]: entry } }));
      const ask = (...method: string[]) =>
        runClient(program, ["--cli", "--config", file, "--server", name, "--method", ...method], {
          HOME: home,
        });
      expect(await ask("tools/list")).toMatchObject({
        tools: expect.arrayContaining([expect.objectContaining({ name: tool })]),
      });
      const given = Object.entries(args).flatMap(([key, value]) => ["--tool-arg", `${key}=${value}`]);
      expect(await ask("tools/call", "--tool-name", tool, ...given)).toMatchObject({
        structuredContent: answers,
      });
    },
    120_000,
  );
}
