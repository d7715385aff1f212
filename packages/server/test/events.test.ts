import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { serveStdio, staticToken } from "@parley/server";
import {
  createRegistry,
  defineEvents,
  defineTool,
  type EventSource,
  type Registry,
} from "@parley/tool-registry";
import { fakeClock } from "@parley/testing";
import { LoggingMessageNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { eventRegistry, handSource } from "./_sources.ts";
import { modernClient, oldClient, testServer } from "./support.ts";

const Subscribed = z.object({
  subscription_id: z.string(),
  status: z.literal("subscribed"),
  resource: z.string(),
});
const Page = z.object({
  status: z.string(),
  message: z.string().optional(),
  last_seq: z.number(),
  dropped: z.number(),
  events: z.array(z.object({ seq: z.number(), time: z.string(), data: z.unknown() })),
});

/** What both generations of client have in common here. */
interface Caller {
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  readResource(asked: { uri: string }): Promise<unknown>;
}

const Result = z.object({
  isError: z.boolean().optional(),
  structuredContent: z.unknown(),
  content: z.array(z.looseObject({ text: z.string() })),
});

async function call(client: Caller, name: string, args: Record<string, unknown> = {}) {
  return Result.parse(await client.callTool({ name, arguments: args }));
}

async function subscribe(client: Caller, provider = "bell", params: Record<string, unknown> = {}) {
  const result = await call(client, "subscribe", { provider_name: provider, params });
  return Subscribed.parse(result.structuredContent);
}

async function read(client: Caller, uri: string) {
  const found = z.object({ contents: z.array(z.object({ text: z.string() })) });
  return Page.parse(JSON.parse(found.parse(await client.readResource({ uri })).contents[0]?.text ?? ""));
}

async function serve(registry: Registry, options: Parameters<typeof testServer>[0] = {}) {
  const server = testServer({ registry, ...options });
  return { server, url: (await server.listen()).url };
}

/** An old client and the log messages it gets. */
async function listeningClient(url: string) {
  const client = await oldClient(url);
  const heard: unknown[] = [];
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    heard.push(params);
  });
  // The stream on which notifications come opens after the handshake.
  await sleep(50);
  return { client, heard };
}

describe("[LOAD-20] the event tools", () => {
  it("are served while there is a source, and only then", async () => {
    const registry = createRegistry();
    const { url } = await serve(registry);
    const client = await modernClient(url);
    expect((await client.listTools()).tools).toEqual([]);
    registry.replace("x", { events: [handSource().source] });
    await vi.waitFor(() => expect(registry.tools.map(({ name }) => name)).toContain("subscribe"));
    expect(registry.tools.map(({ name }) => name)).toEqual([
      "list_event_streams",
      "subscribe",
      "unsubscribe",
    ]);
    expect(registry.resources.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "events://{subscription_id}",
      "events://{subscription_id}{?after}",
    ]);
    registry.remove("x");
    await vi.waitFor(() => expect(registry.tools).toEqual([]));
    expect(registry.resources).toEqual([]);
  });

  it.each([oldClient, modernClient])("list the streams with their parameters (%#)", async (connect) => {
    const { url } = await serve(eventRegistry(handSource().source));
    const result = await call(await connect(url), "list_event_streams");
    expect(JSON.parse(result.content[0]?.text ?? "")).toEqual([
      {
        provider: "bell",
        description: "Rings when told to.",
        parameters: expect.objectContaining({ properties: { tone: { type: "string", default: "low" } } }),
        capabilities: ["ring"],
      },
    ]);
  });

  it("refuse what they cannot do, with the sentence and status of the protocol", async () => {
    const secret = defineEvents({
      name: "secret",
      description: "Asks for more.",
      input: z.object({}),
      scope: "admin",
      subscribe: () => undefined,
    });
    const { url } = await serve(eventRegistry(handSource().source, secret), {
      authenticator: staticToken("t", { name: "reader", scopes: new Set(["read"]) }),
    });
    const client = await modernClient(url, {}, { authorization: "Bearer t" });
    const refused = async (provider_name: string, params = {}) =>
      (await call(client, "subscribe", { provider_name, params })).structuredContent;
    expect(await refused("horn")).toEqual({
      status: "failed",
      error: 'There is no event source "horn"; there are bell, secret.',
    });
    expect(await refused("secret")).toMatchObject({
      status: "failed",
      error: expect.stringContaining('"admin"'),
    });
    expect(await refused("bell", { tone: 1 })).toMatchObject({ error: expect.stringContaining("tone") });
    const unknown = await call(client, "unsubscribe", { subscription_id: "sub_none" });
    expect(unknown).toMatchObject({
      isError: true,
      structuredContent: { status: "error", message: 'You have no subscription "sub_none".' },
    });
  });

  it("give up on a source that does not start, and free it", async () => {
    const seen: { signal?: AbortSignal } = {};
    const slow: EventSource = {
      name: "slow",
      parameters: {},
      subscribe: (_params, { signal }) => {
        seen.signal = signal;
        return new Promise(() => undefined);
      },
    };
    const { url } = await serve(eventRegistry(slow), { events: { startTimeoutMs: 20 } });
    const result = await call(await modernClient(url), "subscribe", { provider_name: "slow" });
    expect(result.structuredContent).toMatchObject({ error: expect.stringContaining("within 20 ms") });
    expect(seen.signal?.aborted).toBe(true);
  });
});

describe("[LOAD-21] delivery to a session", () => {
  it("is a log message with the payload of the first hub, once each, until unsubscribed", async () => {
    const { source, sink } = handSource();
    const { url } = await serve(eventRegistry(source));
    const { client, heard } = await listeningClient(url);
    const { subscription_id: id } = await subscribe(client, "bell", { tone: "high" });
    sink().emit({ ding: 1 });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(heard).toEqual([
      {
        level: "info",
        logger: "bell",
        data: { subscription_id: id, provider: "bell", data: { tone: "high", data: { ding: 1 } } },
      },
    ]);
    const left = await call(client, "unsubscribe", { subscription_id: id });
    expect(left.structuredContent).toMatchObject({ status: "success" });
    expect(sink().signal.aborted).toBe(true);
    sink().emit({ ding: 2 });
    await sleep(30);
    expect(heard).toHaveLength(1);
  });

  it("belongs to that session: another cannot end it, read it or hear it", async () => {
    const { source, sink } = handSource();
    const { url } = await serve(eventRegistry(source));
    const mine = await listeningClient(url);
    const other = await listeningClient(url);
    const { subscription_id: id, resource } = await subscribe(mine.client);
    expect((await call(other.client, "unsubscribe", { subscription_id: id })).isError).toBe(true);
    await expect(read(other.client, resource)).rejects.toThrow(/no subscription/);
    await expect(read(await modernClient(url), resource)).rejects.toThrow(/no subscription/);
    sink().emit(1);
    await vi.waitFor(() => expect(mine.heard).toHaveLength(1));
    expect((await read(mine.client, resource)).events).toHaveLength(1);
    expect(other.heard).toEqual([]);
  });

  it("ends with the session, and with the server", async () => {
    const { source, sink } = handSource();
    const { server, url } = await serve(eventRegistry(source));
    const { client } = await listeningClient(url);
    await subscribe(client);
    const transport = z.object({ terminateSession: z.function() }).loose().parse(client.transport);
    await Reflect.apply(transport.terminateSession, client.transport, []);
    await vi.waitFor(() => expect(sink(0).signal.aborted).toBe(true));
    await subscribe(await modernClient(url));
    expect(sink(1).signal.aborted).toBe(false);
    await server.close();
    expect(sink(1).signal.aborted).toBe(true);
  });

  it("says when a source broke", async () => {
    const { source, sink } = handSource();
    const { url } = await serve(eventRegistry(source));
    const { client, heard } = await listeningClient(url);
    const { resource } = await subscribe(client);
    sink().fail(new Error("the clapper fell off"));
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(heard[0]).toMatchObject({ data: { data: { error: { message: "the clapper fell off" } } } });
    expect(await read(client, resource)).toMatchObject({ status: "ended", message: "the clapper fell off" });
  });
});

describe("[LOAD-21] a source that emits what JSON cannot hold", () => {
  it("ends its subscription and nothing else", async () => {
    const { source, sink } = handSource();
    const { url } = await serve(eventRegistry(source));
    const client = await modernClient(url);
    const { resource } = await subscribe(client);
    sink().emit(1n);
    expect(await read(client, resource)).toMatchObject({
      status: "ended",
      message: expect.stringContaining("JSON cannot hold"),
    });
  });
});

describe("[LOAD-22] reading back", () => {
  it("works by sequence number, and counts what is gone", async () => {
    const { source, sink } = handSource();
    const { url } = await serve(eventRegistry(source), { events: { keepEvents: 3 } });
    const client = await modernClient(url);
    const { resource } = await subscribe(client);
    for (const each of [1, 2, 3, 4, 5]) sink().emit(each);
    const all = await read(client, resource);
    expect(all).toMatchObject({ status: "active", last_seq: 5, dropped: 2 });
    expect(all.events.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(await read(client, `${resource}?after=4`)).toMatchObject({ dropped: 0, events: [{ seq: 5 }] });
    expect(await read(client, `${resource}?after=5`)).toMatchObject({ dropped: 0, events: [] });
    await expect(read(client, `${resource}?after=x`)).rejects.toThrow(/after/);
  });

  it("is bounded by bytes; an event beyond them is dropped and counted", async () => {
    const { source, sink } = handSource();
    const { url } = await serve(eventRegistry(source), { events: { keepBytes: 200 } });
    const client = await modernClient(url);
    const { resource } = await subscribe(client);
    sink().emit("x".repeat(90));
    sink().emit("y".repeat(90));
    sink().emit("z".repeat(500));
    expect(await read(client, resource)).toMatchObject({ last_seq: 3, dropped: 3, events: [] });
    sink().emit("small");
    expect(await read(client, resource)).toMatchObject({ dropped: 3, events: [{ seq: 4 }] });
  });

  it("is announced by the registry, a burst once", async () => {
    const { source, sink } = handSource();
    const registry = eventRegistry(source);
    const { url } = await serve(registry);
    const touched: string[] = [];
    registry.onTouch((uri) => touched.push(uri));
    const { resource } = await subscribe(await modernClient(url));
    for (let count = 0; count < 100; count += 1) sink().emit(count);
    await vi.waitFor(() => expect(touched).toEqual([resource]));
    sink().emit("later");
    await vi.waitFor(() => expect(touched).toEqual([resource, resource]));
  });

  it("is for the same caller only", async () => {
    const { source } = handSource();
    const { url } = await serve(eventRegistry(source), {
      authenticator: ({ token }) => ({ name: token ?? "nobody", scopes: new Set(["read"]) }),
    });
    const [ada, bob] = await Promise.all(
      ["ada", "bob"].map((name) => modernClient(url, {}, { authorization: `Bearer ${name}` })),
    );
    if (ada === undefined || bob === undefined) throw new Error("no client");
    const { resource, subscription_id } = await subscribe(ada);
    await expect(read(bob, resource)).rejects.toThrow(/no subscription/);
    expect((await call(bob, "unsubscribe", { subscription_id })).isError).toBe(true);
    expect(await read(ada, resource)).toMatchObject({ status: "active" });
  });
});

describe("[LOAD-23] the bounds of a subscription", () => {
  it("cap what one owner holds, and free what it gives back", async () => {
    const { source } = handSource();
    const { url } = await serve(eventRegistry(source), { events: { maxPerOwner: 2 } });
    const client = await oldClient(url);
    const first = await subscribe(client);
    await subscribe(client);
    const third = await call(client, "subscribe", { provider_name: "bell" });
    expect(third.structuredContent).toMatchObject({
      status: "failed",
      error: expect.stringContaining("2 subscriptions"),
    });
    await call(client, "unsubscribe", { subscription_id: first.subscription_id });
    await subscribe(client);
    await subscribe(await oldClient(url));
  });

  it("cap what all callers hold", async () => {
    const { url } = await serve(eventRegistry(handSource().source), { events: { maxTotal: 1 } });
    await subscribe(await oldClient(url));
    const result = await call(await oldClient(url), "subscribe", { provider_name: "bell" });
    expect(result.structuredContent).toMatchObject({ error: expect.stringContaining("this server holds 1") });
  });

  it("end one that nobody reads, outside a session", async () => {
    const { source, sink } = handSource();
    const clock = fakeClock();
    const { url } = await serve(eventRegistry(source), { clock, events: { idleMs: 1000 } });
    const client = await modernClient(url);
    const { resource } = await subscribe(client);
    clock.advance(900);
    await read(client, resource);
    clock.advance(900);
    await read(client, resource);
    clock.advance(1100);
    await expect(read(client, resource)).rejects.toThrow(/no subscription/);
    expect(sink().signal.aborted).toBe(true);
  });

  it("end with the source, while a replaced source goes on with the old definition", async () => {
    const { source, sink } = handSource();
    const registry = createRegistry();
    registry.replace("x", { events: [source] });
    const { url } = await serve(registry);
    const client = await modernClient(url);
    const { resource } = await subscribe(client);
    registry.replace("x", { events: [handSource().source, handSource("horn").source] });
    await sleep(5);
    sink().emit("old");
    expect(await read(client, resource)).toMatchObject({ status: "active", last_seq: 1 });
    registry.replace("x", { events: [handSource("horn").source] });
    await vi.waitFor(() => expect(sink().signal.aborted).toBe(true));
    expect(await read(client, resource)).toMatchObject({
      status: "ended",
      message: expect.stringContaining("bell"),
    });
  });
});

it("[LOAD-21] reaches the 2025-era client at the other end of a pipe", async () => {
  const { source, sink } = handSource();
  const registry = eventRegistry(source);
  registry.addTool(defineTool({ name: "a", description: "A.", input: z.object({}), handler: () => "" }));
  const input = new PassThrough();
  const output = new PassThrough();
  const frames: string[] = [];
  output.on("data", (chunk: Buffer) => frames.push(...chunk.toString().split("\n").filter(Boolean)));
  const served = serveStdio({ name: "test", version: "1", registry, input, output });
  const send = (message: object) => input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  };
  send({ id: 1, method: "initialize", params });
  send({ method: "notifications/initialized" });
  send({ id: 2, method: "tools/call", params: { name: "subscribe", arguments: { provider_name: "bell" } } });
  await vi.waitFor(() => expect(frames).toHaveLength(2));
  sink().emit("ding");
  await vi.waitFor(() => expect(frames).toHaveLength(3));
  expect(frames[2]?.match(/"jsonrpc"/g)).toHaveLength(1);
  expect(JSON.parse(frames[2] ?? "")).toMatchObject({
    method: "notifications/message",
    params: { level: "info", data: { provider: "bell", data: { data: "ding" } } },
  });
  input.end();
  await served;
  expect(sink().signal.aborted).toBe(true);
});
