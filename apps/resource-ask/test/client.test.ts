import { describe, expect, it } from "vitest";
import { createResourceAsk } from "@parley/resource-ask";
import { createFakeHub, dispatched, failure, job, recordedNegotiation, selected } from "./_fake-hub.ts";

describe("createResourceAsk", () => {
  it("negotiates in three calls and hands out core records", async () => {
    const hub = createFakeHub({
      satisfy_job: (_args, { onProgress }) => {
        onProgress?.({ progress: 1, total: 2 });
        return recordedNegotiation();
      },
      select_worker: () => selected,
      dispatch_job: () => dispatched(),
    });
    const client = createResourceAsk({ url: "http://hub/mcp", token: "t", connect: hub.connect });
    const progress: string[] = [];
    const answer = await client.negotiate(
      { words: "LAMMPS on 2 nodes", idempotencyKey: "mine" },
      { onProgress: (done, total) => progress.push(`${done}/${total}`) },
    );
    expect(answer.selection.ranked[0]?.contributions[0]?.factor).toBe("wait");
    expect(answer.dispatch).toMatchObject({ hub_job_id: "job_1", job: { id: "job_1", siteJobId: "4711" } });
    expect(hub.calls[2]?.args["idempotency_key"]).toBe("mine");
    expect(progress).toEqual(["1/2"]);
    await client.close();
    expect(hub.closed).toBe(1);
  });

  it("stops at a rejected selection", async () => {
    const hub = createFakeHub({
      satisfy_job: () => recordedNegotiation(),
      select_worker: () => ({ worker_id: null, status: "REJECTED", reasoning: "nobody" }),
    });
    const client = createResourceAsk({ url: "http://hub/mcp", connect: hub.connect });
    expect((await client.negotiate({ words: "x" })).dispatch).toBeUndefined();
  });

  it("reads an older hub's answer as far as it goes, from text too", async () => {
    const answer = { negotiation_id: "n", timestamp: 1.5, proposals: {}, requirements: { schema: "other" } };
    const hub = createFakeHub({
      satisfy_job: () => ({ content: [{ type: "text", text: JSON.stringify(answer) }] }),
    });
    const client = createResourceAsk({ url: "http://hub/mcp", connect: hub.connect });
    const read = await client.satisfy({ words: "x" });
    expect(read).toMatchObject({ negotiation_id: "n", timestamp: 1.5, spans: [] });
    expect(read.requirements).toBeUndefined();
  });

  it("keeps the hub's error codes, and says E_TOOL_FAILED of those it does not know", async () => {
    const hub = createFakeHub({
      job_status: () => failure("E_JOB_UNKNOWN", "no such job"),
      cancel_job: () => failure("E_FUTURE", "something new"),
      list_jobs: () => ({ content: [{ type: "text", text: "it broke" }], isError: true }),
    });
    const client = createResourceAsk({ url: "http://hub/mcp", connect: hub.connect });
    await expect(client.status("j")).rejects.toMatchObject({ code: "E_JOB_UNKNOWN" });
    await expect(client.cancel("j")).rejects.toMatchObject({
      code: "E_TOOL_FAILED",
      message: "something new",
    });
    await expect(client.jobs()).rejects.toMatchObject({
      code: "E_TOOL_FAILED",
      message: "list_jobs: it broke",
    });
  });

  it("tells state changes once each, and passes the cursor on", async () => {
    const states = ["QUEUED", "QUEUED", "ACTIVE", "COMPLETED"];
    const texts = ["a", "b"];
    const hub = createFakeHub({
      job_status: () => job(states.shift() ?? "COMPLETED"),
      job_logs: () => ({
        text: texts.shift() ?? "",
        cursor: `c${texts.length}`,
        complete: texts.length === 0,
      }),
    });
    const client = createResourceAsk({ url: "http://hub/mcp", connect: hub.connect });
    const seen: string[] = [];
    await client.wait("job_1", { pollMs: 1, onChange: ({ state }) => seen.push(state) });
    expect(seen).toEqual(["QUEUED", "ACTIVE", "COMPLETED"]);
    const text: string[] = [];
    for await (const chunk of client.logs("job_1")) text.push(chunk.text);
    expect(text).toEqual(["a", "b"]);
    expect(hub.calls.at(-1)?.args["cursor"]).toBe("c1");
  });

  it("stops waiting when the caller aborts", async () => {
    const hub = createFakeHub({ job_status: () => job("ACTIVE") });
    const client = createResourceAsk({ url: "http://hub/mcp", connect: hub.connect });
    const stop = new AbortController();
    const waiting = client.wait("job_1", {
      signal: stop.signal,
      pollMs: 10_000,
      onChange: () => stop.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  });
});
