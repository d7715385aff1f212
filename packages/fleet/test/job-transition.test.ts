import { JobState, isTerminal } from "@parley/core";
import type { Job } from "@parley/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  asCanceled,
  asFailed,
  withCancelRequest,
  withStatus,
  withoutAnswer,
} from "../src/hub/job-transition.ts";

const at = "2026-01-01T00:00:00.000Z";
const fresh: Job = {
  schema: "job/1",
  id: "job_1",
  workerId: "w",
  idempotencyKey: "k",
  request: "",
  state: "NEW",
  createdAt: at,
  updatedAt: at,
  promised: {},
  actual: {},
};

const minute = fc
  .integer({ min: 0, max: 59 })
  .map((n) => `2026-01-01T00:${String(n).padStart(2, "0")}:00.000Z`);
const step = fc.oneof(
  fc.record({ kind: fc.constant("status"), state: fc.constantFrom(...JobState.options), at: minute }),
  fc.record({ kind: fc.constantFrom("silent", "failed", "canceled", "cancel"), at: minute }),
);

function apply(job: Job, change: { kind: string; state?: Job["state"]; at: string }): Job {
  if (change.kind === "silent") return withoutAnswer(job, "nobody answers", change.at);
  if (change.kind === "canceled") return asCanceled(job, "cancelled", change.at);
  if (change.kind === "cancel") return withCancelRequest(job, change.at);
  if (change.kind === "failed") {
    return asFailed(job, { code: "E_X", message: "no", retryable: false }, change.at);
  }
  return withStatus(job, { siteJobId: "7", state: change.state ?? "NEW", startedAt: change.at }, change.at);
}

test("whatever happens in whatever order, an ended job never changes and none goes back to NEW", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let job = fresh;
      for (const change of steps) {
        const next = apply(job, change);
        if (isTerminal(job.state)) expect(next).toBe(job);
        if (job.state === "QUEUED" || job.state === "ACTIVE") expect(next.state).not.toBe("NEW");
        if (isTerminal(next.state)) expect(next.finishedAt).toBeDefined();
        for (const seconds of Object.values(next.actual)) expect(seconds ?? 0).toBeGreaterThanOrEqual(0);
        job = next;
      }
    }),
  );
});

test("a status that says nothing new is no change", () => {
  const running = withStatus(fresh, { siteJobId: "7", state: "ACTIVE", startedAt: at }, at);
  const same = withStatus(
    running,
    { siteJobId: "7", state: "ACTIVE", startedAt: at },
    "2026-01-02T00:00:00.000Z",
  );
  expect(same).toBe(running);
  const silent = withoutAnswer(running, "down", at);
  expect(withoutAnswer(silent, "down", "2026-01-02T00:00:00.000Z")).toBe(silent);
});

test("a site that answers again gives the job its state and times back", () => {
  const silent = withoutAnswer(
    withStatus(fresh, { siteJobId: "7", state: "ACTIVE", startedAt: at }, at),
    "down",
    at,
  );
  const done = withStatus(
    silent,
    { siteJobId: "7", state: "COMPLETED", exitCode: 0, finishedAt: "2026-01-01T00:01:00.000Z" },
    "2026-01-01T00:05:00.000Z",
  );
  expect(done).toMatchObject({ state: "COMPLETED", exitCode: 0, startedAt: at, actual: { runSeconds: 60 } });
});
