import { ParleyError } from "@parley/core";
import type { Job } from "@parley/core";
import { createMemoryDatabase } from "@parley/databases";
import { expect, test } from "vitest";
import { createLedger } from "../src/hub/ledger.ts";
import { createMonitor } from "../src/hub/monitor.ts";
import type { Answering } from "./_fleet.ts";
import { linkTo, registrationOf, testFleet } from "./_fleet.ts";

const success = { receipt: { status: "SUCCESS", job_id: "7", spec: "hostname", reasoning: "ok", calls: [] } };
const request = { workerId: "w", prompt: "Run hostname" };

async function ledgerWith(answer: Answering, more: object = {}, database = createMemoryDatabase()) {
  const calls: { name: string; args: Readonly<Record<string, unknown>> }[] = [];
  const fleet = testFleet(
    () =>
      linkTo((name, args) => {
        calls.push({ name, args });
        return answer(name, args);
      }),
    database,
  );
  await fleet.roster.enter(registrationOf("w", more));
  const changes: Job["state"][] = [];
  const ledger = createLedger({ ...fleet, onChange: (job) => changes.push(job.state) });
  return { ...fleet, ledger, calls, changes };
}

const fault = (code: ConstructorParameters<typeof ParleyError>[0]) => {
  throw new ParleyError(code, "trouble");
};

test("a dispatch is on record before the site hears of it, and under its own key", async () => {
  let stored = 0;
  const held = await ledgerWith(async (name) => {
    if (name === "submit") stored = (await held.ledger.store.list()).length;
    return name === "submit" ? success : { siteJobId: "7", state: "QUEUED" };
  });
  const { job } = await held.ledger.dispatch(request);
  expect(stored).toBe(1);
  expect(job).toMatchObject({ state: "QUEUED", siteJobId: "7" });
  expect(held.calls[0]?.args["idempotency_key"]).toBe(job.id);
  expect(held.calls.map(({ name }) => name)).toEqual(["submit", "job_status"]);
});

test("a silent site leaves the job UNKNOWN until a look settles it, with the same key", async () => {
  let up = false;
  const { ledger, calls } = await ledgerWith((name) => {
    if (!up) return fault("E_MCP_TIMEOUT");
    return name === "submit" ? success : { siteJobId: "7", state: "COMPLETED", exitCode: 0 };
  });
  const { job } = await ledger.dispatch(request);
  expect(job.state).toBe("UNKNOWN");
  expect(await ledger.refresh(job.id)).toMatchObject({ state: "UNKNOWN" });
  up = true;
  expect(await ledger.refresh(job.id)).toMatchObject({ state: "COMPLETED", exitCode: 0 });
  const keys = calls.filter(({ name }) => name === "submit").map(({ args }) => args["idempotency_key"]);
  expect(keys).toEqual([job.id, job.id, job.id]);
  const before = calls.length;
  await ledger.refresh(job.id);
  expect(calls).toHaveLength(before);
});

test.each([
  "E_AUTH_FORBIDDEN",
  "E_AUTH_REQUIRED",
  "E_MCP_PROTOCOL",
  "E_MCP_UNREACHABLE",
  "E_INTERRUPTED",
] as const)("%s says nothing about the job, so it does not end it", async (code) => {
  const { ledger } = await ledgerWith(() => fault(code));
  expect((await ledger.dispatch(request)).job.state).toBe("UNKNOWN");
});

test("a refusal ends the job and is repeated as it was", async () => {
  const { ledger, calls } = await ledgerWith(() => ({
    receipt: {
      status: "FAILED",
      job_id: null,
      reasoning: "not on the list",
      error: { code: "E_DISPATCH_REFUSED", message: "not on the list", retryable: false },
    },
  }));
  const keyed = { ...request, idempotencyKey: "k" };
  expect((await ledger.dispatch(keyed)).job).toMatchObject({ state: "FAILED", reason: "not on the list" });
  const again = await ledger.dispatch(keyed);
  expect(again).toMatchObject({ repeated: true, receipt: { status: "FAILED" } });
  expect(calls).toHaveLength(1);
  await expect(ledger.dispatch({ ...keyed, workerId: "other" })).rejects.toThrow(/not found/);
});

test("a key of one worker is no key of another", async () => {
  const held = await ledgerWith(() => success);
  await held.roster.enter(registrationOf("x"));
  await held.ledger.dispatch({ ...request, idempotencyKey: "k" });
  await expect(
    held.ledger.dispatch({ ...request, workerId: "x", idempotencyKey: "k" }),
  ).rejects.toMatchObject({
    code: "E_ARGUMENT_INVALID",
  });
});

test("a worker without keys gets each job once, whatever happens", async () => {
  const { ledger, calls } = await ledgerWith(() => fault("E_MCP_TIMEOUT"), { instance: undefined });
  const keyed = { ...request, idempotencyKey: "k" };
  const { job } = await ledger.dispatch(keyed);
  await ledger.refresh(job.id);
  const again = await ledger.dispatch(keyed);
  expect(again).toMatchObject({ repeated: true, receipt: { status: "FAILED" }, job: { state: "UNKNOWN" } });
  expect(again.job.reason).toContain("not sent again");
  expect(calls.map(({ name }) => name)).toEqual(["submit"]);
});

test("a job cancelled without an answer takes the state its site reports", async () => {
  let cancelled: unknown = { siteJobId: "7", state: "COMPLETED", exitCode: 0 };
  const { ledger } = await ledgerWith((name) => (name === "submit" ? fault("E_MCP_TIMEOUT") : { cancelled }));
  const first = await ledger.dispatch(request);
  expect(await ledger.cancel(first.job.id)).toMatchObject({ state: "COMPLETED", siteJobId: "7" });
  cancelled = null;
  const second = await ledger.dispatch(request);
  expect(await ledger.cancel(second.job.id)).toMatchObject({ state: "CANCELED" });
  cancelled = "gibberish";
  const third = await ledger.dispatch(request);
  expect(await ledger.cancel(third.job.id)).toMatchObject({ state: "UNKNOWN" });
});

test("an ended job is left alone by a late cancellation", async () => {
  const { ledger, changes } = await ledgerWith((name) =>
    name === "submit" ? success : { siteJobId: "7", state: "COMPLETED", exitCode: 0 },
  );
  const { job } = await ledger.dispatch(request);
  const before = changes.length;
  expect(await ledger.cancel(job.id)).toEqual(job);
  expect(changes).toHaveLength(before);
});

test("a new ledger over the same store knows the open jobs, and the monitor takes them up", async () => {
  const database = createMemoryDatabase();
  const first = await ledgerWith(() => fault("E_MCP_TIMEOUT"), {}, database);
  const { job } = await first.ledger.dispatch(request);
  const second = await ledgerWith(
    (name) => (name === "submit" ? success : { siteJobId: "7", state: "COMPLETED", exitCode: 0 }),
    {},
    database,
  );
  const monitor = createMonitor({ ledger: second.ledger, clock: second.clock, pollMs: 1000 });
  await monitor.start();
  expect(monitor.watched).toBe(1);
  await monitor.tick();
  expect(monitor.watched).toBe(0);
  expect(await second.ledger.store.load(job.id)).toMatchObject({ state: "COMPLETED" });
  await monitor.close();
});

test("the monitor looks less often at an old job", async () => {
  const held = await ledgerWith((name) =>
    name === "submit" ? success : { siteJobId: "7", state: "ACTIVE" },
  );
  const monitor = createMonitor({ ledger: held.ledger, clock: held.clock, pollMs: 1000 });
  const { job } = await held.ledger.dispatch(request);
  monitor.watch(job);
  const looks = async (ms: number) => {
    const before = held.calls.length;
    held.clock.advance(ms);
    await monitor.tick();
    return held.calls.length - before;
  };
  expect([
    await looks(500),
    await looks(500),
    await looks(600_000),
    await looks(10_000),
    await looks(5000),
  ]).toEqual([0, 1, 1, 0, 1]);
  await monitor.close();
});

test.each([
  [{ receipt: { status: "FAILED", reasoning: "raw text", error: "could not parse" } }, "FAILED", null],
  [{ status: "FAILED", reasoning: "raw text", error: "could not parse" }, "FAILED", null],
  [{ status: "SUCCESS", job_id: 662_615_558_717_440, calls: "[]" }, "UNKNOWN", "662615558717440"],
  [{ receipt: { status: "SUCCESS", job_id: null, reasoning: "" } }, "FAILED", null],
])("a receipt in the seed's form %j is understood", async (answer, state, id) => {
  const { ledger } = await ledgerWith(() => answer, { instance: undefined });
  const { job, receipt } = await ledger.dispatch(request);
  expect([job.state, receipt.job_id]).toEqual([state, id]);
});

test("one key at the same moment is one job, also where a write takes its time", async () => {
  const memory = createMemoryDatabase();
  const slow: typeof memory = {
    ...memory,
    get: async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return memory.get(...args);
    },
    put: async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return memory.put(...args);
    },
  };
  const answer = (name: string): object =>
    name === "submit" ? success : { siteJobId: "7", state: "QUEUED" };
  const { ledger } = await ledgerWith(answer, {}, slow);
  const keyed = { ...request, idempotencyKey: "one" };
  const all = await Promise.all([1, 2, 3].map(() => ledger.dispatch(keyed)));
  expect(new Set(all.map(({ job }) => job.id)).size).toBe(1);
  expect(all.filter(({ repeated }) => repeated)).toHaveLength(2);
  expect(await ledger.store.list()).toHaveLength(1);
});
