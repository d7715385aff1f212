import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machine } from "./harness.ts";

/** What a soak found; `failures` is empty when it passed. */
interface SoakReport {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly failures: readonly string[];
}

/** Long proofs by name: too long for continuous integration, which runs their short forms as tests. */
const soaks: Readonly<Record<string, (directory: string) => Promise<SoakReport>>> = {
  async queue(directory) {
    const { runChaos } = await import("../packages/queue/test/_chaos/run.ts");
    const report = await runChaos({
      directory,
      tasks: 100_000,
      workers: 6,
      loops: 16,
      blows: 600,
      blowEveryMs: 250,
      brokerEvery: 40,
    });
    const { history, check, wrongAttempt, unfinished, ...facts } = report;
    const { ok, lost, unexpected, duplicated, recovered } = history;
    const bad = { lost, unexpected, duplicated, wrongAttempt, problems: check.problems };
    const failures = Object.entries(bad).filter(([, found]) => found.length > 0);
    return {
      facts: { ...facts, ok, recovered: recovered.length, events: check.events, unfinished },
      failures: [
        ...failures.map(([name, found]) => `${name}: ${found.length} (${found.slice(0, 5).join(", ")})`),
        ...(unfinished > 0 ? [`unfinished: ${unfinished}`] : []),
        ...(report.kills + report.pauses < 500 ? ["fewer than 500 kills and stops"] : []),
      ],
    };
  },
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
