import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { sampleJob, startFakeNomad } from "../../../packages/adapters/nomad/test/_fake-nomad.ts";
import { repository } from "../harness/dockerfile.ts";
import { freePort, referenceServers, startMcpo } from "../harness/gateway.ts";
import { scratch, startHub, startWorker } from "../harness/nodes.ts";
import { findProgram } from "../harness/programs.ts";
import { eventually } from "../harness/wait.ts";
import { verifies } from "../verifies.ts";

const node = process.execPath;
const program = (name: string): string => join(repository, `packages/adapters/${name}/bin/parley-${name}.js`);
/** Python's reference server, where it is installed. */
const timeServer = findProgram("mcp-server-time", [join(repository, ".parley/python/bin")]);

/** The reference server over the network, as it is started by hand. */
async function everythingOver(transport: "sse" | "streamableHttp", path: string): Promise<string> {
  const port = await freePort();
  const child = spawn(node, [referenceServers.everything, transport], {
    env: { PATH: process.env["PATH"], PORT: `${port}` },
    stdio: "ignore",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return `http://127.0.0.1:${port}${path}`;
}

async function nomad() {
  const fake = await startFakeNomad();
  onTestFinished(() => fake.close());
  await fetch(`${fake.address}/v1/jobs`, { method: "POST", body: JSON.stringify({ Job: sampleJob("web") }) });
  return { command: node, args: [program("nomad"), "--read-only"], env: { NOMAD_ADDR: fake.address } };
}

/** Each server with one call of it and what is in the answer. */
type Call = readonly [path: string, body: unknown, answer: string | RegExp];

async function servers(folder: string) {
  // A busy machine lets neither beat in time, and the hub would take its worker for gone.
  const hub = await startHub({ heartbeat: "60" });
  await startWorker(hub, "cedar", { mock: "hpc" });
  const reference = { command: node, args: [referenceServers.everything] };
  const entries = {
    everything: reference,
    "everything-sse": { type: "sse", url: await everythingOver("sse", "/sse") },
    "everything-http": { type: "streamable-http", url: await everythingOver("streamableHttp", "/mcp") },
    files: { command: node, args: [referenceServers.filesystem, folder] },
    memory: {
      command: node,
      args: [referenceServers.memory],
      env: { MEMORY_FILE_PATH: join(folder, "memory.jsonl") },
    },
    nomad: await nomad(),
    hpc: {
      command: node,
      args: [program("hpc"), "--toolset", "files", "--read-only"],
      env: { HPC_ROOTS: folder },
    },
    hub: { type: "streamable-http", url: hub.url },
    ...(timeServer === undefined ? {} : { time: { command: timeServer, args: ["--local-timezone=UTC"] } }),
  };
  const entity = { name: "Parley", entityType: "software", observations: ["negotiates"] };
  const calls: readonly Call[] = [
    ["/everything/get-sum", { a: 1, b: 2 }, '"The sum of 1 and 2 is 3."'],
    ["/everything-sse/get-sum", { a: 2, b: 2 }, '"The sum of 2 and 2 is 4."'],
    ["/everything-http/get-sum", { a: 3, b: 2 }, '"The sum of 3 and 2 is 5."'],
    ["/files/read_text_file", { path: join(folder, "hello.txt") }, /hello from a file/],
    ["/memory/create_entities", { entities: [entity] }, /negotiates/],
    ["/nomad/get_job_status", { job_id: "web" }, /"outcome":"running"/],
    ["/hpc/filesystem_list_directory", { path: folder }, /hello\.txt/],
    ["/hub/satisfy_job", { prompt: "Run lammps on 2 nodes for 30 minutes" }, /cedar/],
    ...(timeServer === undefined
      ? []
      : [["/time/get_current_time", { timezone: "UTC" }, /"timezone": ?"UTC"/] as const]),
  ];
  return { entries, calls };
}

verifies(
  ["GTW-121"],
  "The reference servers over three transports, files, memory, our adapters and a hub with its worker, in one gateway.",
  async () => {
    const folder = await scratch();
    await writeFile(join(folder, "hello.txt"), "hello from a file\n");
    const { entries, calls } = await servers(folder);
    const { post, get } = await startMcpo({ mcpServers: entries });
    const names = Object.keys(entries);
    const states = async (): Promise<unknown> => JSON.parse((await get("/health")).text).servers;
    await eventually(
      "all are ready",
      async () => Object.values(Object(await states())).every((state) => state === "ready"),
      90_000,
    );
    expect(Object.keys(Object(await states()))).toEqual(names);
    await eventually("the hub knows its worker", async () =>
      (await post("/hub/list_workers", {})).text.includes("cedar"),
    );
    const answers = await Promise.all(
      calls.map(async ([path, body, wanted]) => ({ path, wanted, ...(await post(path, body)) })),
    );
    for (const { path, wanted, status, text } of answers) {
      const matching = typeof wanted === "string" ? wanted : expect.stringMatching(wanted);
      expect([path, status, text]).toEqual([path, 200, matching]);
    }

    // What changes something is not there when the adapter may only read.
    expect((await post("/nomad/stop_job", { job_id: "web" })).status).toBe(404);
    // What a server refuses is its word, not a fault of the gateway.
    const outside = await post("/files/read_text_file", { path: "/etc/passwd" });
    expect([outside.status, outside.text]).toEqual([502, expect.stringContaining("Access denied")]);
    expect((await post("/files/read_text_file", {})).status).toBe(422);
    expect(JSON.parse((await post("/memory/read_graph", {})).text)).toMatchObject({
      entities: [{ name: "Parley" }],
    });
    const whole = JSON.parse((await get("/openapi.json")).text) as { paths: object };
    for (const [path] of calls) expect(Object.keys(whole.paths)).toContain(path);
  },
  180_000,
);
