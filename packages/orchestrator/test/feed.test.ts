import { eventFeed } from "@parley/orchestrator/feed";
import { fastify } from "fastify";
import { WebSocket } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { legacy, openQueue, speak, sqliteMissing, startDesk } from "./_desk.ts";

const missing = await sqliteMissing();

interface Event {
  readonly id: number;
  readonly type: string;
  readonly data: { readonly seq: number; readonly task_id?: string; readonly to?: string };
}

/** Reads that many events of a stream, then leaves. */
async function follow(url: string, count: number, headers: Record<string, string> = {}): Promise<Event[]> {
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal, headers });
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const events: Event[] = [];
  let open = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    open += decoder.decode(chunk, { stream: true });
    const blocks = open.split("\n\n");
    open = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s, 2)));
      if (fields["data"] !== undefined && events.length < count) {
        events.push({
          id: Number(fields["id"]),
          type: fields["event"] ?? "",
          data: JSON.parse(fields["data"]),
        });
      }
    }
    if (events.length >= count) break;
  }
  leaving.abort();
  return events;
}

describe.skipIf(missing !== undefined)(`[ORC-29] the feed of events ${missing ?? ""}`, () => {
  it("tells everything once and in order, and goes on where a client left off", async () => {
    const { url, base } = await startDesk();
    const client = await speak("2026", url);
    const live = follow(`${base}/events`, 2);
    const { id } = (await client.call("add_task", { description: "x" })).value;
    const { task } = (await client.call("get_next_task")).value;
    await client.call("complete_task", { task_id: id, result: "r", lease_token: task.lease_token });
    expect((await live).map(({ data }) => data.task_id)).toEqual([id, id]);
    const all = await follow(`${base}/events?after=0`, 3);
    expect(all.map(({ type }) => type)).toEqual(["submitted", "claimed", "completed"]);
    expect(all.map(({ id: seq }) => seq)).toEqual([1, 2, 3]);
    expect(all.map(({ data }) => data.to)).toEqual(["pending", "in_progress", "completed"]);
    expect((await follow(`${base}/events?after=2`, 1)).map(({ id: seq }) => seq)).toEqual([3]);
    expect((await follow(`${base}/events`, 1, { "last-event-id": "1" })).map(({ id: seq }) => seq)).toEqual([
      2,
    ]);
    const other = (await client.call("add_task", { description: "y" })).value.id;
    const [only] = await follow(`${base}/events?after=0&task_id=${other}`, 1);
    expect(only?.data).toMatchObject({ seq: 4, task_id: other });
    expect(JSON.stringify(all)).not.toContain("description");
  });

  it("is a WebSocket too, for a client that wants messages", async () => {
    const { url, base } = await startDesk();
    const client = await speak("2026", url);
    const { id } = (await client.call("add_task", { description: "x" })).value;
    const address = `${base.replace("http", "ws")}/events/ws`;
    const heard: { readonly seq: number; readonly type: string }[] = [];
    const socket = new WebSocket(`${address}?after=0`);
    onTestFinished(() => socket.close());
    socket.addEventListener("message", ({ data }) => void heard.push(JSON.parse(String(data))));
    await client.call("start_task", { task_id: id });
    await expect
      .poll(() => heard.map(({ type }) => type), { timeout: 5000 })
      .toEqual(["submitted", "claimed"]);
    expect(heard.map(({ seq }) => seq)).toEqual([1, 2]);
    const odd = new WebSocket(`${address}?after=x`);
    await new Promise((resolve) => {
      odd.addEventListener("error", resolve);
    });
  });

  it("has room for so many followers and no more", async () => {
    const queue = await openQueue();
    const app = fastify();
    await app.register(eventFeed({ queue, maxFollowers: 1 }));
    const base = await app.listen({ port: 0, host: "127.0.0.1" });
    onTestFinished(() => app.close());
    const leaving = new AbortController();
    await fetch(`${base}/events`, { signal: leaving.signal });
    expect((await fetch(`${base}/events`)).status).toBe(429);
    leaving.abort();
    await expect
      .poll(async () => {
        const again = new AbortController();
        const { status } = await fetch(`${base}/events`, { signal: again.signal });
        again.abort();
        return status;
      })
      .toBe(200);
  });

  it("refuses a number that is none", async () => {
    const { base } = await startDesk();
    const response = await fetch(`${base}/events?after=x`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "E_ARGUMENT_INVALID" } });
  });

  it("reaches clients that subscribe over MCP", async () => {
    const { url } = await startDesk();
    const client = await legacy(url);
    const heard: unknown[] = [];
    client.fallbackNotificationHandler = async ({ params }) => void heard.push(params?.["data"]);
    await client.callTool({ name: "subscribe", arguments: { provider_name: "tasks", params: { after: 0 } } });
    await client.callTool({ name: "add_task", arguments: { description: "x" } });
    await expect.poll(() => JSON.stringify(heard), { timeout: 5000 }).toContain('"submitted"');
  });
});
