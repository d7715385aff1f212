import { resultFromTaskOutcome, type TaskEnabledSession } from "@modelcontextprotocol/ext-tasks/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conformanceServer } from "../../../examples/conformance-server/server.ts";
import { extSession } from "./_ext-session.ts";
import { type FixtureServer, startFixtureServer } from "./_fixture-server.ts";

let fixture: FixtureServer;
const ours = conformanceServer();
const urls = new Map<string, string>();
beforeAll(async () => {
  fixture = await startFixtureServer();
  urls.set("the SDK's server", fixture.url);
  urls.set("@parley/server", `${(await ours.listen()).url}/mcp`);
});
afterAll(() => Promise.all([fixture.close(), ours.close()]));

/** What each server's `protocol_error_job` ends with. */
const brokenJob: Readonly<Record<string, string>> = {
  "the SDK's server": "the job broke",
  "@parley/server": "Invalid tools/call result",
};

const sessionWith = (name: string): Promise<TaskEnabledSession> => extSession(urls.get(name) ?? "");

async function callToEnd(session: TaskEnabledSession, name: string, args: Record<string, string | number>) {
  const execution = await session.callTool(name, args);
  expect(execution.kind).toBe("task");
  return (await execution.settle()).outcome;
}

describe.each(Object.keys(brokenJob))("[TASK-08] the extension's own client and %s", (name) => {
  it("drives a task to its result", async () => {
    const session = await sessionWith(name);
    const outcome = await callToEnd(session, "slow_compute", { seconds: 0.2, label: "work" });
    expect(resultFromTaskOutcome(outcome)).toMatchObject({ content: [{ text: "work took 0.2 s" }] });
  });

  it("tells a tool's own failure from a protocol error", async () => {
    const session = await sessionWith(name);
    const failing = await callToEnd(session, "failing_job", {});
    expect(resultFromTaskOutcome(failing)).toMatchObject({ isError: true });
    const broken = await callToEnd(session, "protocol_error_job", {});
    expect(broken.status).toBe("failed");
    expect(() => resultFromTaskOutcome(broken)).toThrow(brokenJob[name]);
  });

  it("answers what a task asks", async () => {
    const session = await sessionWith(name);
    const one = await callToEnd(session, "confirm_delete", { filename: "a.txt" });
    expect(resultFromTaskOutcome(one)).toMatchObject({ content: [{ text: "deleted a.txt" }] });
    const two = await callToEnd(session, "multi_input", {});
    expect(resultFromTaskOutcome(two)).toMatchObject({ content: [{ text: "got first and second" }] });
  });

  it("takes a task up again by its reference, and cancels it", async () => {
    const session = await sessionWith(name);
    const execution = await session.callTool("slow_compute", { seconds: 60 });
    if (execution.kind !== "task") throw new Error("no task");
    const reference = execution.serializeReference();
    await execution.detach();
    const again = await (await sessionWith(name)).resumeTask(reference);
    await again.cancel();
    expect((await again.settle()).outcome.status).toBe("cancelled");
  });

  it("gets an immediate result from a tool that is no task", async () => {
    const session = await sessionWith(name);
    const execution = await session.callTool("greet", { name: "Ann" });
    expect(execution.kind).toBe("immediate");
    expect(resultFromTaskOutcome((await execution.settle()).outcome)).toMatchObject({
      content: [{ text: "Hello, Ann!" }],
    });
  });
});
