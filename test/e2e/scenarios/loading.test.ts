import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { callTool, http } from "../harness/clients.ts";
import { scratch, secret, startHub, startWorker } from "../harness/nodes.ts";
import { spawnServer } from "../harness/processes.ts";
import { eventually } from "../harness/wait.ts";
import { verifies } from "../verifies.ts";

const source = `import { defineTool } from "@parley/tool-registry";
import { z } from "zod";
export const greet = defineTool({
  name: "greet", description: "Greets.", input: z.object({ name: z.string() }),
  handler: ({ name }: { name: string }): string => "hello " + name,
});
`;

async function names(base: string): Promise<readonly string[]> {
  const { tools } = (await http(`${base}/tools/list`)).body;
  return tools.map(({ name }: { name: string }) => name);
}

verifies(["LOAD-08"], "a worker's loaded tools are mirrored, and a hub loads tools of its own", async () => {
  const home = await scratch();
  await writeFile(join(home, "greet.ts"), source);
  await writeFile(join(home, "jobspec.yaml"), "tools: [./greet.ts#greet]\n");
  const hub = await startHub({ config: join(home, "jobspec.yaml") });
  await startWorker(hub, "w1", {
    config: join(home, "jobspec.yaml"),
    event: ["@parley/events#timer"],
    mock: "hpc",
  });
  await eventually("w1_greet", async () => (await names(hub.base)).includes("w1_greet"));
  expect((await callTool(hub, "w1_greet", { name: "Ada" })).text).toBe("hello Ada");
  expect((await callTool(hub, "greet", { name: "Bob" })).text).toBe("hello Bob");
  const strays = (await names(hub.base)).filter((name) => /simple_echo|subscribe/.test(name));
  expect(strays).toEqual([]);
});

verifies(["LOAD-08", "LOAD-10"], "a tool that a worker loads later appears at the hub", async () => {
  const home = await scratch();
  const config = join(home, "worker.yaml");
  await writeFile(join(home, "greet.ts"), source);
  await writeFile(config, "settings: { watch: true }\n");
  const hub = await startHub();
  const worker = await startWorker(hub, "w2", { config, mock: "hpc", joinSecret: secret });
  expect(await names(worker.base)).not.toContain("greet");
  await writeFile(config, "settings: { watch: true }\ntools: [{ path: ./greet.ts#greet, name: later }]\n");
  await eventually("w2_later", async () => (await names(hub.base)).includes("w2_later"));
  expect((await callTool(hub, "w2_later", { name: "Ada" })).text).toBe("hello Ada");
});

verifies(["LOAD-10"], "an edited setting that a running server cannot follow is named", async () => {
  const path = join(await scratch(), "parley.yaml");
  await writeFile(path, "server: {port: 0}\ntools: ['@parley/echo#simple_echo']\n");
  const server = await spawnServer(["--watch", "--config", path]);
  await writeFile(path, "server: {port: 0, rate_limit: 5/min}\ntools: []\nsettings: {exclude: [x]}\n");
  await eventually("the notice", async () =>
    server.stderr().includes("Changed in the file, and in force from the next start: --rate-limit."),
  );
});
