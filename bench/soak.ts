import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machine } from "./harness.ts";
import type { SoakReport } from "./soak/report.ts";

/** Long proofs by name: too long for continuous integration, which runs their short forms as tests. */
const soaks: Readonly<Record<string, (directory: string) => Promise<SoakReport>>> = {
  queue: async (directory) => (await import("./soak/queue.ts")).soakQueue(directory),
  calls: async () =>
    (await import("./soak/calls.ts")).soakCalls({ calls: 100_000, sessions: 10_000, laps: 20 }),
  fuzz: async () => (await import("./soak/fuzz.ts")).soakFuzz(),
  gateway: async () =>
    (await import("./soak/gateway.ts")).soakGateway({
      calls: 1_000_000,
      clients: 1000,
      reloads: 1000,
      sessions: 10_000,
    }),
};

const [name = ""] = process.argv.slice(2);
const soak = Object.hasOwn(soaks, name) ? soaks[name] : undefined;
if (!soak) {
  console.error(`Usage: pnpm soak <${Object.keys(soaks).join("|")}>`);
  process.exit(2);
}
const directory = await mkdtemp(join(tmpdir(), "parley-soak-"));
try {
  const { facts, failures } = await soak(directory);
  console.log(
    JSON.stringify({ soak: name, machine: machine(), at: new Date().toISOString(), ...facts, failures }),
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}
