import { getClusterStatus, getJobLogs, submitJobFile } from "@parley/nomad";
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { startFakeNomad } from "./_fake-nomad.ts";
import { nomadFlow } from "./_flow.ts";

const program = process.env["NOMAD_TEST_BIN"] ?? "nomad";
const found = spawnSync(program, ["version"], { encoding: "utf8" });
const reason = found.status === 0 ? "" : " (skipped: nomad is not on PATH, nor NOMAD_TEST_BIN)";
const version = found.status === 0 ? (found.stdout.split("\n", 1)[0] ?? "") : "a real agent";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

const hcl = `variable "text" {
  type = string
}
job "hcl" {
  datacenters = ["dc1"]
  type = "batch"
  group "g" {
    task "t" {
      driver = "raw_exec"
      config {
        command = "/bin/echo"
        args    = [var.text]
      }
    }
  }
}
`;

it("[NMD-12] the stand-in does what a Nomad has to do", { timeout: 60_000 }, async () => {
  const fake = await startFakeNomad();
  try {
    const sleep = (ms: number, signal: AbortSignal) => delay(Math.min(ms, 20), undefined, { signal });
    await nomadFlow({ address: fake.address, env: {}, sleep });
    expect(fake.state.jobs.size).toBe(0);
  } finally {
    await fake.close();
  }
});

it.skipIf(reason !== "")(
  `[NMD-12] ${version} does what a Nomad has to do${reason}`,
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-real-nomad-"));
    const [http, rpc, serf] = [await freePort(), await freePort(), await freePort()];
    const file = join(folder, "agent.hcl");
    const ports = `ports {\n  http = ${String(http)}\n  rpc = ${String(rpc)}\n  serf = ${String(serf)}\n}\n`;
    await writeFile(file, `disable_update_check = true\n${ports}`);
    const agent = spawn(program, ["agent", "-dev", "-config", file], { stdio: "ignore" });
    const options = { address: `http://127.0.0.1:${String(http)}`, env: {} };
    try {
      await expect
        .poll(async () => (await getClusterStatus({}, options).catch(() => ({ leader: "" }))).leader, {
          timeout: 90_000,
        })
        .not.toBe("");
      await nomadFlow(options);
      // What an HCL variable is given stays text, whatever it looks like.
      const text = '"quoted" $(id) `id` --dashed; ..';
      const args = { content: hcl, variables: { text }, wait: "complete", timeout_seconds: 60 } as const;
      expect((await submitJobFile(args, options)).waited).toMatchObject({ outcome: "succeeded" });
      expect((await getJobLogs({ job_id: "hcl" }, options)).streams[0]?.text).toBe(`${text}\n`);
    } finally {
      agent.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
