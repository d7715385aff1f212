import { getAllocationLogs, getJobLogs } from "@parley/nomad";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";

let fake: FakeNomad;
let allocation: { ID: string; ClientStatus: string; TaskStates: Record<string, unknown> };
const name = (): string => `${allocation.ID} t stdout`;

async function start(canList = true): Promise<void> {
  fake = await startFakeNomad({ canList });
  const job = sampleJob("web");
  fake.state.jobs.set("default\nweb", { ...job, Version: 0 });
  allocation = fake.allocate("default", { ...job, Version: 0 }, job.TaskGroups[0], "web.g[0]");
}
beforeEach(() => start());
afterEach(() => fake.close());

const options = () => ({ address: fake.address, env: {}, sleep: async () => {} });
const numbered = (count: number): string =>
  Array.from({ length: count }, (_, at) => `line ${String(at)}\n`).join("");

const read = async (more: object) => (await getJobLogs({ job_id: "web", ...more }, options())).streams;

describe("logs", () => {
  it("are the last lines, with a cursor to read on from", async () => {
    fake.state.logs.set(name(), numbered(200));
    const { streams } = await getJobLogs({ job_id: "web", tail_lines: 2 }, options());
    expect(streams).toEqual([
      {
        allocation_id: allocation.ID,
        task: "t",
        stream: "stdout",
        text: "line 198\nline 199\n",
        truncated: true,
        cursor: 1690,
      },
    ]);
    fake.state.logs.set(name(), `${numbered(200)}more\n`);
    const next = await getJobLogs({ job_id: "web", allocation_id: allocation.ID, cursor: 1690 }, options());
    expect(next.streams[0]).toMatchObject({ text: "more\n", cursor: 1695, truncated: false });
  });

  it("are cut at the byte budget after a whole line", async () => {
    fake.state.logs.set(name(), numbered(500));
    const tail = await getAllocationLogs(
      { allocation_id: allocation.ID, max_bytes: 1024, tail_lines: 5000 },
      options(),
    );
    expect(tail.streams[0]?.text).toMatch(/^line 38\d\n[^]*line 499\n$/);
    const first = await getAllocationLogs(
      { allocation_id: allocation.ID, max_bytes: 1024, cursor: 0 },
      options(),
    );
    expect(first.streams[0]).toMatchObject({
      truncated: true,
      text: expect.stringMatching(/^line 0\n[^]*\d\n$/),
    });
    let [text, cursor, rounds] = ["", 0, 0];
    for (let truncated = true; truncated; rounds++) {
      const part = await getAllocationLogs(
        { allocation_id: allocation.ID, max_bytes: 1024, cursor },
        options(),
      );
      text += part.streams[0]?.text ?? "";
      cursor = part.streams[0]?.cursor ?? 0;
      truncated = part.streams[0]?.truncated ?? false;
    }
    expect(text).toBe(numbered(500));
    expect(rounds).toBe(5);
  });

  it("come without a cursor where files cannot be listed", async () => {
    await fake.close();
    await start(false);
    const { streams } = await getJobLogs({ job_id: "web" }, options());
    expect(streams).toEqual([expect.objectContaining({ text: "hi nomad\n", truncated: false })]);
    expect(streams[0]).not.toHaveProperty("cursor");
  });

  it("are of the running allocation, of all, or of both streams", async () => {
    const job = { ...sampleJob("web", 0), Version: 0 };
    const over = fake.allocate("default", job, job.TaskGroups[0], "web.g[1]");
    over.ModifyTime += 1000;
    expect((await read({})).map((each) => each.allocation_id)).toEqual([allocation.ID]);
    expect((await read({ all_allocations: true })).map((each) => each.allocation_id)).toEqual([
      allocation.ID,
      over.ID,
    ]);
    expect((await read({ type: "both" })).map((each) => each.stream)).toEqual(["stdout", "stderr"]);
    allocation.ClientStatus = "failed";
    expect((await read({})).map((each) => each.allocation_id)).toEqual([over.ID]);
    fake.state.logs.set(`${over.ID} t stdout`, "a [x] b\nc\na x b\n");
    expect((await read({ grep: "[x]" }))[0]?.text).toBe("a [x] b");
  });

  it("follow until the allocation ends, reporting as they go", async () => {
    const progress = vi.fn<(done: number, total?: number, message?: string) => void>();
    let rounds = 0;
    const sleep = async (): Promise<void> => {
      rounds += 1;
      fake.state.logs.set(name(), `hi nomad\n${"tick\n".repeat(rounds)}`);
      if (rounds === 3) allocation.ClientStatus = "complete";
    };
    const { streams } = await getJobLogs({ job_id: "web", follow: true }, { ...options(), sleep, progress });
    expect(streams[0]).toMatchObject({ text: "hi nomad\ntick\ntick\ntick\n", cursor: 24 });
    expect(progress).toHaveBeenCalledWith(24, 65_536, "tick\n");
  });

  it("follow until time or the budget is up", async () => {
    let at = 0;
    const now = (): number => (at += 400);
    const short = await getJobLogs(
      { job_id: "web", follow: true, timeout_seconds: 1 },
      { ...options(), now },
    );
    expect(short.streams[0]?.text).toBe("hi nomad\n");
    fake.state.logs.set(name(), numbered(500));
    const args = { job_id: "web", follow: true, max_bytes: 1024, tail_lines: 5000 };
    const full = await getJobLogs(args, {
      ...options(),
      sleep: async () => void fake.state.logs.set(name(), numbered(900)),
    });
    expect(full.streams[0]?.truncated).toBe(true);
    expect(Buffer.byteLength(full.streams[0]?.text ?? "")).toBeLessThanOrEqual(1024);
  });

  it.each([
    [{ cursor: 1, type: "both" }, "E_ARGUMENT_INVALID", /one stream/],
    [{ follow: true, type: "both" }, "E_ARGUMENT_INVALID", /one stream/],
    [{ task: "zz" }, "E_ENGINE_REFUSED", /unknown task name/],
  ] as const)("refuse %j", async (args, code, message) => {
    const refusal = getJobLogs({ job_id: "web", ...args }, options());
    await expect(refusal).rejects.toMatchObject({ code });
    await expect(refusal).rejects.toThrow(message);
  });

  it("ask for the task where there are several, and take the one that failed", async () => {
    const [state] = Object.values(allocation.TaskStates);
    allocation.TaskStates = { a: state, b: state };
    await expect(getJobLogs({ job_id: "web" }, options())).rejects.toThrow(/name one of a, b/);
    allocation.TaskStates = { a: state, b: { ...(state as object), Failed: true } };
    const { streams, note } = await getJobLogs({ job_id: "web" }, options());
    expect(streams[0]?.task).toBe("b");
    expect(note).toMatch(/get_allocation_status/);
    allocation.TaskStates = {};
    await expect(getJobLogs({ job_id: "web" }, options())).rejects.toMatchObject({
      code: "E_OBJECT_UNKNOWN",
    });
    await expect(getAllocationLogs({ allocation_id: allocation.ID }, options())).rejects.toThrow(
      /has not started/,
    );
  });

  it("stop when the caller does", async () => {
    const aborted = getJobLogs({ job_id: "web" }, { ...options(), signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  });
});
