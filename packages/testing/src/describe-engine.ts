import { ParleyError, Workload, isTerminal } from "@parley/core";
import type { ErrorCode, JobSpec, JobState, JobStatus } from "@parley/core";
import type { Engine } from "@parley/engines";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/** An engine under test and the way to take its world down. */
export interface EngineFixture {
  readonly engine: Engine;
  /** Called after `engine.close()`. */
  readonly dispose?: (() => void | Promise<void>) | undefined;
}

/** Jobs of one engine that behave in the ways the suite needs. */
export interface EngineJobs {
  /** Ends with status 0 after printing {@link EngineSuite.output}. */
  readonly succeeds: JobSpec;
  /** Ends with status 7. */
  readonly fails: JobSpec;
  /** Runs until it is cancelled, at least a minute. */
  readonly sleeps: JobSpec;
  /** Takes all there is, so that the next job has to wait. Without it queued jobs are not tested. */
  readonly fills?: JobSpec | undefined;
  /** Prints its arguments as one JSON array of strings. Without it hostile arguments are not tested. */
  readonly echoes?: ((args: readonly string[]) => JobSpec) | undefined;
  /** Each is refused with `E_ENGINE_REFUSED`. */
  readonly refused?: Readonly<Record<string, JobSpec>> | undefined;
}

/** What {@link describeEngine} runs. */
export interface EngineSuite {
  /** Called for every test. */
  readonly create: () => EngineFixture | Promise<EngineFixture>;
  readonly jobs: EngineJobs;
  /** What `jobs.succeeds` prints, or a part of it. Default `hello`. */
  readonly output?: string | undefined;
  /** Well-formed, and no job has it. Default `999999999`. */
  readonly unknownJobId?: string | undefined;
  /** Milliseconds for a job to reach a state. Default 10 000. */
  readonly settleMs?: number | undefined;
  /** Passes the time between two looks; a simulated engine moves its clock. Default: 25 ms of real time. */
  readonly pause?: (() => void | Promise<void>) | undefined;
  /** What this engine can do. All true when absent. */
  readonly can?:
    | { readonly logs?: boolean; readonly exitCode?: boolean; readonly find?: boolean }
    | undefined;
  /** A reason to skip the suite, such as a scheduler that is not installed. */
  readonly skip?: string | undefined;
}

const hostileArguments = [
  "$(touch parley-was-here)",
  "`id`",
  "; exit 3 #",
  'it\'s "quoted" \\ twice',
  "two\nlines",
  "-rf",
  "--version",
  "",
  "*",
  "${HOME}",
  "%s%n",
  "żółw ☃ 🐢",
];

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (ParleyError.isInstance(error)) return error.code;
    throw error;
  }
}

/** What one test of the suite works with. */
interface Bench {
  readonly engine: Engine;
  /** Submits under a fresh tag. */
  submit(spec: JobSpec): Promise<string>;
  freshTag(): string;
  settle(siteJobId: string, until: (state: JobState) => boolean): Promise<JobStatus>;
  output(siteJobId: string): Promise<string>;
}

const freshTag = (): string => `conformance-${crypto.randomUUID()}`;

function createBench(engine: Engine, suite: EngineSuite): Bench {
  const pause = suite.pause ?? (() => sleep(25));
  const settle: Bench["settle"] = async (siteJobId, until) => {
    const deadline = performance.now() + (suite.settleMs ?? 10_000);
    for (;;) {
      const status = await engine.status(siteJobId);
      if (until(status.state)) return status;
      if (performance.now() > deadline) {
        throw new Error(`Job ${siteJobId} stayed ${status.state} (${status.reason ?? "no reason given"})`);
      }
      await pause();
    }
  };
  const output: Bench["output"] = async (siteJobId) => {
    const deadline = performance.now() + (suite.settleMs ?? 10_000);
    let text = "";
    let cursor: string | undefined;
    for (;;) {
      const chunk = await engine.logs(siteJobId, { cursor });
      text += chunk.text;
      cursor = chunk.cursor;
      if (chunk.complete) return text;
      if (performance.now() > deadline) throw new Error(`The output of job ${siteJobId} never completed`);
      await pause();
    }
  };
  return {
    engine,
    freshTag,
    submit: async (spec) => (await engine.submit(spec, { tag: freshTag() })).siteJobId,
    settle,
    output,
  };
}

/**
 * The conformance suite of the {@link Engine} port. Every engine passes it, simulated ones included.
 * @param name - shown in the test report.
 */
export function describeEngine(name: string, suite: EngineSuite): void {
  const title = suite.skip === undefined ? name : `${name} (skipped: ${suite.skip})`;
  const timeout = 5 * (suite.settleMs ?? 10_000);
  describe.skipIf(suite.skip !== undefined)(`engine conformance: ${title}`, { timeout }, () => {
    let fixture: EngineFixture;
    let bench: Bench;
    beforeEach(async () => {
      fixture = await suite.create();
      bench = createBench(fixture.engine, suite);
    });
    afterEach(async () => {
      await fixture.engine.close();
      await fixture.dispose?.();
    });
    describeLife(suite, () => bench);
    describeEnds(suite, () => bench);
    describeEdges(suite, () => bench);
  });
}

function describeLife(suite: EngineSuite, bench: () => Bench): void {
  const { jobs, can = {} } = suite;

  test("a job that succeeds is COMPLETED, with its output and times", async () => {
    const id = await bench().submit(jobs.succeeds);
    const status = await bench().settle(id, isTerminal);
    expect(status).toMatchObject({ siteJobId: id, state: "COMPLETED" });
    expect(can.exitCode === false ? 0 : status.exitCode).toBe(0);
    const startedAt = Date.parse(status.startedAt ?? new Date(0).toISOString());
    const finishedAt = Date.parse(status.finishedAt ?? new Date(startedAt).toISOString());
    expect(finishedAt).toBeGreaterThanOrEqual(startedAt);
  });

  test.skipIf(can.logs === false)("the output of a job can be read", async () => {
    const id = await bench().submit(jobs.succeeds);
    await bench().settle(id, isTerminal);
    expect(await bench().output(id)).toContain(suite.output ?? "hello");
  });

  test("a job that ends with 7 is FAILED with exit code 7", async () => {
    const id = await bench().submit(jobs.fails);
    const status = await bench().settle(id, isTerminal);
    expect(status.state).toBe("FAILED");
    expect(can.exitCode === false ? 7 : status.exitCode).toBe(7);
  });

  test("the same tag twice is one job", async () => {
    const tag = bench().freshTag();
    const { engine } = bench();
    const [first, second] = [
      await engine.submit(jobs.succeeds, { tag }),
      await engine.submit(jobs.succeeds, { tag }),
    ];
    expect(second.siteJobId).toBe(first.siteJobId);
    await bench().settle(first.siteJobId, isTerminal);
  });

  test.skipIf(can.find === false)("find knows a tag that was submitted and no other", async () => {
    const tag = bench().freshTag();
    const { engine } = bench();
    expect(await engine.find(tag)).toBeUndefined();
    const { siteJobId } = await engine.submit(jobs.succeeds, { tag });
    expect(await engine.find(tag)).toBe(siteJobId);
    await bench().settle(siteJobId, isTerminal);
  });

  test.skipIf(can.logs === false)("a log cursor continues where the last answer ended", async () => {
    const id = await bench().submit(jobs.succeeds);
    await bench().settle(id, isTerminal);
    const whole = await bench().output(id);
    let text = "";
    let cursor: string | undefined;
    for (let turn = 0; turn <= whole.length + 1; turn += 1) {
      const chunk = await bench().engine.logs(id, { cursor, maxBytes: 4 });
      text += chunk.text;
      cursor = chunk.cursor;
      if (chunk.complete) break;
    }
    expect(text).toBe(whole);
    expect(await bench().engine.logs(id, { cursor })).toMatchObject({ text: "", complete: true });
  });
}

function describeEnds(suite: EngineSuite, bench: () => Bench): void {
  const { jobs } = suite;

  test("a running job is cancelled, and cancelling it again is no error", async () => {
    const id = await bench().submit(jobs.sleeps);
    await bench().settle(id, (state) => state === "ACTIVE");
    await bench().engine.cancel(id);
    expect((await bench().settle(id, isTerminal)).state).toBe("CANCELED");
    await bench().engine.cancel(id);
    expect((await bench().engine.status(id)).state).toBe("CANCELED");
  });

  test.skipIf(jobs.fills === undefined)("a queued job is cancelled and never starts", async () => {
    if (jobs.fills === undefined) return;
    const filling = await bench().submit(jobs.fills);
    await bench().settle(filling, (state) => state === "ACTIVE");
    const waiting = await bench().submit(jobs.fills);
    expect((await bench().engine.status(waiting)).state).toBe("QUEUED");
    await bench().engine.cancel(waiting);
    const status = await bench().settle(waiting, isTerminal);
    expect(status.state).toBe("CANCELED");
    await bench().engine.cancel(filling);
    expect((await bench().settle(filling, isTerminal)).state).toBe("CANCELED");
    expect((await bench().engine.status(waiting)).state).toBe("CANCELED");
  });

  test("cancelling a job that has ended changes nothing", async () => {
    const id = await bench().submit(jobs.succeeds);
    await bench().settle(id, isTerminal);
    await bench().engine.cancel(id);
    expect((await bench().engine.status(id)).state).toBe("COMPLETED");
  });
}

function describeEdges(suite: EngineSuite, bench: () => Bench): void {
  const { jobs } = suite;
  const unknown = suite.unknownJobId ?? "999999999";

  test("a job id nobody gave out is E_ENGINE_JOB_UNKNOWN", async () => {
    for (const id of [unknown, "../../etc/passwd", "", "-1", "$(id)"]) {
      expect(await codeOf(bench().engine.status(id)), `status of ${JSON.stringify(id)}`).toBe(
        "E_ENGINE_JOB_UNKNOWN",
      );
      expect(await codeOf(bench().engine.cancel(id)), `cancel of ${JSON.stringify(id)}`).toBe(
        "E_ENGINE_JOB_UNKNOWN",
      );
    }
  });

  test("an aborted signal is honoured before anything is done", async () => {
    const signal = AbortSignal.abort();
    const tag = bench().freshTag();
    expect(await codeOf(bench().engine.submit(jobs.succeeds, { tag, signal }))).toBe("E_INTERRUPTED");
    const found = suite.can?.find === false ? undefined : await bench().engine.find(tag);
    expect(found).toBeUndefined();
  });

  test("workload answers, even to an aborted call", async () => {
    const workload = Workload.parse(await bench().engine.workload());
    expect(workload).toMatchObject({ manager: bench().engine.manager, status: "present", canSubmit: true });
    expect(workload.nodeGroups.reduce((sum, group) => sum + group.nodes, 0)).toBeGreaterThan(0);
    Workload.parse(await bench().engine.workload({ signal: AbortSignal.abort() }));
  });

  test("closing twice is no error", async () => {
    await bench().engine.close();
    await expect(bench().engine.close()).resolves.toBeUndefined();
  });

  test.each(Object.entries(jobs.refused ?? {}))("refused with a code: %s", async (_title, spec) => {
    expect(await codeOf(bench().submit(spec))).toBe("E_ENGINE_REFUSED");
  });

  test.skipIf(jobs.echoes === undefined)("arguments arrive as they were given", async () => {
    if (jobs.echoes === undefined) return;
    const id = await bench().submit(jobs.echoes(hostileArguments));
    expect((await bench().settle(id, isTerminal)).state).toBe("COMPLETED");
    expect(JSON.parse(await bench().output(id))).toEqual(hostileArguments);
  });
}
