import { runChaos } from "../../packages/queue/test/_chaos/run.ts";
import type { SoakReport } from "./report.ts";

/** A hundred thousand tasks through workers and a broker that are killed all the time. */
export async function soakQueue(directory: string): Promise<SoakReport> {
  const report = await runChaos({
    directory,
    tasks: 100_000,
    workers: 6,
    loops: 16,
    blows: 1200,
    blowEveryMs: 125,
    killShare: 0.5,
    brokerEvery: 40,
  });
  const { history, check, wrongAttempt, untrue, unfinished, ...facts } = report;
  const { ok, lost, unexpected, duplicated, recovered } = history;
  const bad = { lost, unexpected, duplicated, wrongAttempt, untrue, problems: check.problems };
  const failures = Object.entries(bad).filter(([, found]) => found.length > 0);
  return {
    facts: { ...facts, ok, recovered: recovered.length, events: check.events, unfinished },
    failures: [
      ...failures.map(([name, found]) => `${name}: ${found.length} (${found.slice(0, 5).join(", ")})`),
      ...(unfinished > 0 ? [`unfinished: ${unfinished}`] : []),
      ...(Math.min(report.kills, report.pauses) < 500
        ? ["fewer than 500 kills or fewer than 500 stops"]
        : []),
    ],
  };
}
