import { getClusterStatus, getJobLogs, getJobStatus, stopJob, submitJobFile } from "@parley/nomad";
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

const program = "nomad";
const found = spawnSync(program, ["version"], { encoding: "utf8" });
const reason = found.status === 0 ? "" : " (skipped: nomad is not on PATH)";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

const hcl = (id: string, status: number): string => `job "${id}" {
  datacenters = ["dc1"]
  type = "batch"
  group "g" {
    restart {
      attempts = 0
      mode = "fail"
    }
    reschedule {
      attempts  = 0
      unlimited = false
    }
    task "t" {
      driver = "raw_exec"
      config {
        command = "/bin/sh"
        args = ["-c", "echo hi nomad; exit ${String(status)}"]
      }
    }
  }
}
`;

it.skipIf(reason !== "")(
  `a real agent runs, fails and forgets jobs${reason}`,
  { timeout: 120_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-real-nomad-"));
    const [http, rpc, serf] = [await freePort(), await freePort(), await freePort()];
    const file = join(folder, "agent.hcl");
    await writeFile(
      file,
      `ports {\n  http = ${String(http)}\n  rpc = ${String(rpc)}\n  serf = ${String(serf)}\n}\n`,
    );
    const agent = spawn(program, ["agent", "-dev", "-config", file], { stdio: "ignore" });
    const options = { address: `http://127.0.0.1:${String(http)}`, env: {} };
    try {
      await expect
        .poll(async () => (await getClusterStatus({}, options).catch(() => ({ leader: "" }))).leader, {
          timeout: 60_000,
        })
        .not.toBe("");
      for (const [id, status, outcome] of [
        ["hello", 0, "succeeded"],
        ["bad", 9, "failed"],
      ] as const) {
        const args = { content: hcl(id, status), wait: "complete", timeout_seconds: 60 } as const;
        expect((await submitJobFile(args, options)).waited).toMatchObject({
          outcome,
          exits: [{ exit_code: status }],
        });
      }
      expect((await getJobLogs({ job_id: "hello" }, options)).streams[0]?.text).toBe("hi nomad\n");
      await stopJob({ job_id: "hello", purge: true, confirm: true }, options);
      await expect(getJobStatus({ job_id: "hello" }, options)).rejects.toMatchObject({
        code: "E_ENGINE_JOB_UNKNOWN",
      });
    } finally {
      agent.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
