import { getEventListeners } from "node:events";
import type { McpClient } from "@parley/mcp-client";
import { toolContext } from "@parley/tool-registry";
import { expect, it } from "vitest";
import { claiming } from "./_claiming.ts";
import { mountAs } from "./_upstreams.ts";

/** A server whose one tool asks, over a connection that ends only with the test; `answers` hears what came back. */
function asking(answers: unknown[], connection: AbortSignal): McpClient {
  const tools = [{ name: "ask", inputSchema: { type: "object" } }];
  return {
    ...claiming({ tools }),
    async callTool(_name, _args, call) {
      const ask = call?.handlers?.["elicitation/create"];
      const asked = Promise.resolve(ask?.({ message: "Who?" }, { signal: connection, during: "tools/call" }));
      const ended = new Promise<never>((_resolve, reject) => {
        call?.ending?.onAbort(() => reject(new Error("ended")));
      });
      asked.then(
        (answer) => answers.push(answer),
        (error: unknown) => answers.push(String(error)),
      );
      await Promise.race([asked, ended]);
      return { content: [] };
    },
  };
}

it("[MNT-08] a question leaves nothing at its connection, answered or not, and a call that ends takes its questions back", async () => {
  const connection = new AbortController();
  const answers: unknown[] = [];
  const { registry, mount } = mountAs(() => asking(answers, connection.signal));
  await mount.ready;
  const listeners = () => getEventListeners(connection.signal, "abort").length;
  const answer = { action: "accept" };
  const kept = new Map<string, unknown>();
  const context = (run: Parameters<typeof toolContext>[0] = {}) =>
    toolContext({
      canAsk: (kind) => kind === "form",
      async once(key, produce) {
        if (!kept.has(key)) kept.set(key, await produce());
        return kept.get(key) as never; // what `produce` gave
      },
      input: async (questions) =>
        Object.fromEntries(Object.keys(questions).map((key) => [key, answer])) as never, // by the same keys
      ...run,
    });
  for (let call = 0; call < 20; call += 1) {
    kept.clear();
    expect(await registry.call("up_ask", {}, context())).not.toHaveProperty("isError", true);
  }
  expect(answers).toEqual(Array.from({ length: 20 }, () => answer));
  expect(listeners()).toBe(0);

  kept.clear();
  answers.length = 0;
  const leave = new AbortController();
  const call = registry.call(
    "up_ask",
    {},
    context({
      signal: leave.signal,
      input: async () => {
        leave.abort(new Error("gone"));
        return await new Promise(() => undefined);
      },
    }),
  );
  await expect.poll(() => answers).toEqual([expect.stringContaining("withdrawn")]);
  expect(listeners()).toBe(0);
  await Promise.race([call, Promise.resolve()]);
});
