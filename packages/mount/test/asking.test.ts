import { ParleyError } from "@parley/core";
import type { Questions, ToolContext } from "@parley/tool-registry";
import { errorOf, toolContext } from "@parley/tool-registry";
import { describe, expect, it } from "vitest";
import type { MountOptions } from "@parley/mount";
import { mountAs, overStdio, until } from "./_upstreams.ts";

/** A client that answers in the next run, as a real one does: each question ends the run it was asked in. */
function client(answers: readonly object[], canAsk: ToolContext["canAsk"] = () => true) {
  const asked: unknown[] = [];
  const kept = new Map<string, unknown>();
  const given = new Map<string, object>();
  const context = () =>
    toolContext({
      canAsk,
      async once(key, produce) {
        if (!kept.has(key)) kept.set(key, JSON.parse(JSON.stringify(await produce())));
        return kept.get(key) as never; // what `produce` gave, as JSON
      },
      async input(questions: Questions) {
        const open = Object.keys(questions).filter((key) => !given.has(key));
        for (const key of open) {
          asked.push({ method: questions[key]?.method, params: questions[key]?.params });
          given.set(key, answers[asked.length - 1] ?? {});
        }
        if (open.length > 0) throw new ParleyError("E_INPUT_REQUIRED", "waiting");
        return Object.fromEntries([...given].map(([key, answer]) => [key, answer])) as never;
      },
    });
  return { asked, context };
}

/** Runs a tool until it no longer waits. */
async function runs(mounted: ReturnType<typeof mountAs>, name: string, who: ReturnType<typeof client>) {
  for (let run = 1; run < 10; run += 1) {
    const result = await mounted.registry.call(name, {}, who.context());
    if (errorOf(result)?.code !== "E_INPUT_REQUIRED") return { result, run };
  }
  throw new Error("It never ended");
}

const accept = { action: "accept", content: { name: "Ada", tone: "kind" } };

const servers: readonly [string, MountOptions["connect"]][] = [
  ["v1 over stdio", overStdio("v1-server.mjs")],
  ["v2 over stdio", overStdio("v2-server.mjs")],
];

describe.each(servers)("[MNT-08] a question of %s", (_name, connect) => {
  it("goes to the client that called, and its answer back", async () => {
    const mounted = mountAs(connect);
    await mounted.mount.ready;
    const who = client([accept]);
    const { result, run } = await runs(mounted, "up_ask", who);
    expect(result).toMatchObject({ content: [{ text: "kind Ada" }] });
    expect(run).toBe(2);
    expect(who.asked).toMatchObject([{ method: "elicitation/create", params: { message: "Who?" } }]);
  });

  it("is refused where the client cannot be asked", async () => {
    const mounted = mountAs(connect);
    await mounted.mount.ready;
    const who = client([], () => false);
    const { result } = await runs(mounted, "up_ask", who);
    expect([result.isError, who.asked]).toEqual([true, []]);
  });
});

it("[MNT-08] roots are asked of the client too", async () => {
  const mounted = mountAs(overStdio("v1-server.mjs"));
  await mounted.mount.ready;
  const { result } = await runs(mounted, "up_roots", client([{ roots: [{ uri: "file:///a", name: "a" }] }]));
  expect(result).toMatchObject({ content: [{ text: '[{"uri":"file:///a","name":"a"}]' }] });
});

it("[MNT-08] an answer that comes too late is an error that says what to do", async () => {
  const mounted = mountAs(overStdio("v1-server.mjs"), { askTtlMs: 30 });
  await mounted.mount.ready;
  const who = client([accept]);
  await mounted.registry.call("up_ask", {}, who.context());
  await new Promise((resolve) => setTimeout(resolve, 100));
  const result = await mounted.registry.call("up_ask", {}, who.context());
  expect(result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/no longer held: call the tool again/) }],
    _meta: { "parley/error": { code: "E_INPUT_EXPIRED" } },
  });
});

describe("[MNT-04] a child process", () => {
  it("that ends during a call fails that call, and is started again", async () => {
    const mounted = mountAs(overStdio("v2-server.mjs"));
    const { registry, mount, statuses } = mounted;
    await mount.ready;
    const pid = async (): Promise<number> => {
      const { content } = await registry.call("up_pid", {}, toolContext());
      return Number(content[0]?.["text"]);
    };
    const before = await pid();
    const slow = registry.call("up_slow", {}, toolContext());
    expect(await registry.call("up_crash", {}, toolContext())).toMatchObject({
      isError: true,
      _meta: { "parley/error": { code: "E_MCP_UNREACHABLE" } },
    });
    expect((await slow).isError).toBe(true);
    await until(() => expect(statuses.slice(-2)).toEqual(["unreachable", "ready"]));
    const after = await pid();
    expect(after).not.toBe(before);
    await mount.close();
    await until(() => expect(() => process.kill(after, 0)).toThrow(/ESRCH/));
  });

  it("that cannot be started says so", async () => {
    const { createStdioClient } = await import("@parley/mcp-client/stdio");
    const { mount } = mountAs((connection) =>
      createStdioClient({ command: "no-such-program", ...connection }),
    );
    await until(() => expect(mount.status.state).toBe("unreachable"));
    expect(mount.status.reason).toMatch(/no-such-program cannot be started \(no such program or directory\)/);
  });

  it("that grows a tool has it served", async () => {
    const logs: unknown[] = [];
    const { registry, mount } = mountAs(overStdio("v1-server.mjs"));
    await mount.ready;
    await registry.call("up_grow", {}, toolContext({ log: (...said) => logs.push(said) }));
    await until(() => expect(registry.tool("up_more")).toBeDefined());
    expect(logs).toEqual([["warning", "grown", "up"]]);
  });
});
