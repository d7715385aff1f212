import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobSpec } from "@parley/core";
import { createLocalEngine } from "@parley/engines/local";
import { describeEngine } from "@parley/testing";

const job = (command: string[], resources = {}): JobSpec => JobSpec.parse({ command, resources });

describeEngine("local", {
  create: async () => {
    const stateDir = await mkdtemp(join(tmpdir(), "parley-local-"));
    const allow = ["sh", "sleep", process.execPath];
    return {
      engine: createLocalEngine({ stateDir, allow, cores: 2, memoryBytes: 2 ** 30, pollMs: 100 }),
      dispose: () => rm(stateDir, { recursive: true, force: true, maxRetries: 5 }),
    };
  },
  jobs: {
    succeeds: job(["sh", "-c", "echo 'hello żółw 🐢'"]),
    fails: job(["sh", "-c", "exit 7"]),
    sleeps: job(["sleep", "60"]),
    fills: job(["sleep", "60"], { tasks: 2 }),
    echoes: (args) =>
      job([process.execPath, "-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...args]),
    refused: {
      "two nodes": job(["sh"], { nodes: 2 }),
      "more cores than there are": job(["sh"], { tasks: 3 }),
      "a GPU": job(["sh"], { gpusPerNode: 1 }),
      "more memory than there is": job(["sh"], { memoryBytesPerNode: 2 ** 31 }),
      "another queue": JobSpec.parse({ command: ["sh"], queue: "gpu" }),
      "a program that is not allowed": job(["cat", "/etc/passwd"]),
    },
  },
  unknownJobId: "local-0000000000000000",
});
