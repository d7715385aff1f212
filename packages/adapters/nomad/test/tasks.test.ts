import { waitJob } from "@parley/nomad";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";
import { serveNomad } from "./_serve.ts";

let fake: FakeNomad;
beforeEach(async () => {
  fake = await startFakeNomad();
  const body = JSON.stringify({ Job: sampleJob("web") });
  await fetch(`${fake.address}/v1/jobs`, { method: "POST", body });
});
afterEach(() => fake.close());

const patient = { timeout: 30_000 };

/** A client of the revision of 2026 that follows tasks. */
async function follower(taskAfterMs = 20) {
  const { url } = await serveNomad({ address: fake.address }, { tasks: { taskAfterMs, longCallMs: 80 } });
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect in it
  const send = async (method: string, params: Record<string, unknown>, follows = true): Promise<any> => {
    const extensions = follows ? { "io.modelcontextprotocol/tasks": {} } : {};
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": { extensions },
    };
    const response = await fetch(`${url}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": method,
        "mcp-name": String(params["name"] ?? params["taskId"]),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }),
    });
    const answer = await response.json();
    return typeof answer === "object" && answer !== null && "result" in answer ? answer.result : answer;
  };
  const wait = (args: object, follows = true) =>
    send("tools/call", { name: "wait_for_job", arguments: { job_id: "web", ...args } }, follows);
  return { send, wait };
}

/** The service's only allocation ends, and with it the job. */
function end(status: "complete" | "failed"): void {
  fake.state.jobs.get("default\nweb").Stop = true;
  for (const each of fake.state.allocations) each.ClientStatus = status;
  fake.touch();
}

describe("[NMD-05] a call that waits", () => {
  test("is a task with progress that waits to the end", async () => {
    const { send, wait } = await follower();
    const { resultType, taskId } = await wait({});
    expect(resultType).toBe("task");
    await vi.waitFor(async () => {
      const view = await send("tasks/get", { taskId });
      expect(view).toMatchObject({ status: "working", statusMessage: expect.stringContaining("running") });
    }, patient);
    end("complete");
    await vi.waitFor(async () => {
      const view = await send("tasks/get", { taskId });
      expect(view).toMatchObject({
        status: "completed",
        result: { structuredContent: { job_id: "web", done: true, outcome: "stopped" } },
      });
    }, patient);
  });

  test("is cancelled, and asks Nomad nothing more", async () => {
    const { send, wait } = await follower();
    const { taskId } = await wait({});
    await send("tasks/cancel", { taskId });
    await vi.waitFor(async () => {
      expect(await send("tasks/get", { taskId })).toMatchObject({ status: "cancelled" });
    }, patient);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const asked = fake.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(fake.requests.length).toBe(asked);
  });

  test("gives other clients a handle to poll after a while", async () => {
    const { send, wait } = await follower();
    const handle = await wait({ timeout_seconds: 60 }, false);
    expect(handle).toMatchObject({ structuredContent: { status: "working", poll: "get_task" } });
    end("failed");
    const { taskId } = handle.structuredContent;
    const polled = await send(
      "tools/call",
      { name: "get_task", arguments: { taskId, wait_seconds: 5 } },
      false,
    );
    expect(JSON.stringify(polled)).toContain('"done":true');
  });

  test("takes no longer than it is told", async () => {
    const { wait } = await follower(10_000);
    const answer = await wait({ timeout_seconds: 0 });
    expect(answer).toMatchObject({ structuredContent: { done: false, outcome: "running" } });
  });

  test("of the library waits 30 seconds where nobody says how long", async () => {
    let now = 0;
    const options = {
      address: fake.address,
      env: {},
      now: () => (now += 8000),
      sleep: async () => undefined,
    };
    const { done, waited_seconds } = await waitJob({ job_id: "web" }, options);
    expect(done).toBe(false);
    expect(waited_seconds).toBeGreaterThanOrEqual(30);
    expect(waited_seconds).toBeLessThan(60);
  });
});
