import type { Registry } from "@parley/tool-registry";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { eventRegistry, handSource } from "./_sources.ts";
import { testServer } from "./support.ts";

const Frame = z.looseObject({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.number(), z.string()]).optional(),
  method: z.string().optional(),
  params: z.looseObject({}).optional(),
  result: z.looseObject({}).optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

/** Bodies of requests as they go over the wire, and the frames that come back. */
async function wire(registry: Registry) {
  const server = testServer({ registry });
  const url = `${(await server.listen()).url}/mcp`;
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  let nextId = 1;
  const open = async (message: object, headers: Record<string, string>) => {
    const response = await fetch(url, {
      method: "POST",
      signal: stop.signal,
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: nextId++, ...message }),
    });
    return { response, frames: framesOf(response) };
  };
  const listen = async (headers: Record<string, string>) =>
    framesOf(await fetch(url, { signal: stop.signal, headers: { accept: "text/event-stream", ...headers } }));
  const call = async (message: object, headers: Record<string, string>) => {
    const { frames } = await open(message, headers);
    await vi.waitFor(() => expect(frames.some(({ text }) => text.includes('"id"'))).toBe(true));
    const last = frames.at(-1)?.frame;
    if (last === undefined) throw new Error("no answer");
    return last;
  };
  const end = (headers: Record<string, string>) => fetch(url, { method: "DELETE", headers });
  return { open, listen, call, end };
}

/** The frames of a body, gathered while they come. */
function framesOf(response: Response) {
  const frames: { readonly text: string; readonly frame: z.infer<typeof Frame> }[] = [];
  const take = (text: string): void => {
    if (text.trim().startsWith("{")) frames.push({ text, frame: Frame.parse(JSON.parse(text)) });
  };
  const gather = async (): Promise<void> => {
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (!isStream || response.body === null) return take(await response.text());
    let held = "";
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      held += piece;
      const lines = held.split("\n");
      held = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data: ")) take(line.slice(6));
    }
  };
  // The stream ends by an abort when the test does.
  gather().catch(() => undefined);
  return frames;
}

const Subscribed = z.object({ subscription_id: z.string(), resource: z.string() });
const subscribeCall = {
  method: "tools/call",
  params: { name: "subscribe", arguments: { provider_name: "bell" } },
};
const structured = (frame: z.infer<typeof Frame>): unknown => frame.result?.["structuredContent"];

type Wire = Awaited<ReturnType<typeof wire>>;

async function session({ open, call, listen }: Wire) {
  const version = { "mcp-protocol-version": "2025-11-25" };
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  };
  const { response, frames } = await open({ method: "initialize", params }, {});
  const headers = { ...version, "mcp-session-id": response.headers.get("mcp-session-id") ?? "" };
  await vi.waitFor(() => expect(frames).toHaveLength(1));
  await open({ id: undefined, method: "notifications/initialized" }, headers);
  const heard = await listen(headers);
  return { headers, heard, send: (message: object) => call(message, headers) };
}

describe("[LOAD-26] events on the wire of 2025-11-25", () => {
  it("are frames with one jsonrpc key, and updates of a resource that was subscribed to", async () => {
    const { source, sink } = handSource();
    const network = await wire(eventRegistry(source));
    const mine = await session(network);
    const { resource, subscription_id } = Subscribed.parse(structured(await mine.send(subscribeCall)));
    expect(await mine.send({ method: "resources/subscribe", params: { uri: resource } })).toMatchObject({
      result: {},
    });
    sink().emit("one");
    const methods = () => mine.heard.map(({ frame }) => frame.method);
    await vi.waitFor(() => expect(methods()).toContain("notifications/resources/updated"));
    expect(new Set(methods())).toEqual(new Set(["notifications/message", "notifications/resources/updated"]));
    expect(mine.heard).toHaveLength(2);
    for (const { text } of mine.heard) expect(text.match(/"jsonrpc"/g)).toHaveLength(1);
    expect(mine.heard.find(({ frame }) => frame.method?.endsWith("updated"))?.frame.params).toMatchObject({
      uri: resource,
    });
    const read = await mine.send({ method: "resources/read", params: { uri: `${resource}?after=0` } });
    expect(JSON.stringify(read.result)).toContain('\\"seq\\":1');

    await mine.send({ method: "resources/unsubscribe", params: { uri: resource } });
    mine.heard.length = 0;
    sink().emit("two");
    await vi.waitFor(() => expect(methods()).toEqual(["notifications/message"]));
    const left = await mine.send({
      method: "tools/call",
      params: { name: "unsubscribe", arguments: { subscription_id } },
    });
    expect(structured(left)).toMatchObject({ status: "success" });
    expect(sink().signal.aborted).toBe(true);
  });

  it("[LOAD-27] are nothing to a foreign session, which cannot even watch, and end with their own", async () => {
    const { source, sink } = handSource();
    const network = await wire(eventRegistry(source));
    const [mine, foreign] = [await session(network), await session(network)];
    const { resource, subscription_id } = Subscribed.parse(structured(await mine.send(subscribeCall)));
    const left = await foreign.send({
      method: "tools/call",
      params: { name: "unsubscribe", arguments: { subscription_id } },
    });
    expect(left.result).toMatchObject({ isError: true });
    const refused = await foreign.send({ method: "resources/read", params: { uri: resource } });
    expect(refused.error?.message).toMatch(/no subscription/);
    const watch = async (uri: string) =>
      JSON.stringify(
        (await foreign.send({ method: "resources/subscribe", params: { uri } })).error,
      ).replaceAll(uri, "URI");
    const foreignWatch = await watch(resource);
    expect(foreignWatch).toContain("-32602");
    expect(foreignWatch).toBe(await watch("events://sub_none"));
    expect(foreignWatch).toBe(await watch("nothing://at-all"));
    sink().emit("mine");
    await vi.waitFor(() => expect(mine.heard).toHaveLength(1));
    expect(foreign.heard).toEqual([]);
    expect((await network.end(mine.headers)).status).toBe(200);
    await vi.waitFor(() => expect(sink().signal.aborted).toBe(true));
  });
});

describe("[LOAD-26] events on the wire of 2026-07-28", () => {
  const modern = (method: string, name?: string): Record<string, string> => ({
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(name === undefined ? {} : { "mcp-name": name }),
  });
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };

  it("are updates on a listening stream, for what was asked for, until it closes", async () => {
    const { source, sink } = handSource();
    const network = await wire(eventRegistry(source));
    const send = (params: object) => ({ ...subscribeCall, params: { ...params, _meta } });
    const subscribed = await network.call(send(subscribeCall.params), modern("tools/call", "subscribe"));
    const { resource } = Subscribed.parse(structured(subscribed));
    const { frames } = await network.open(
      {
        method: "subscriptions/listen",
        params: { notifications: { resourceSubscriptions: [resource] }, _meta },
      },
      modern("subscriptions/listen"),
    );
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    sink().emit("one");
    await vi.waitFor(() => expect(frames).toHaveLength(2));
    expect(frames[1]?.frame).toMatchObject({
      method: "notifications/resources/updated",
      params: { uri: resource },
    });
    for (const { text } of frames) expect(text.match(/"jsonrpc"/g)).toHaveLength(1);
    const read = await network.call(
      { method: "resources/read", params: { uri: `${resource}?after=0`, _meta } },
      modern("resources/read", `${resource}?after=0`),
    );
    expect(JSON.stringify(read.result)).toContain('\\"seq\\":1');
  });

  it("[LOAD-27] leave out what belongs to another, as what never was, and refuse who asks for nothing else", async () => {
    const { source, sink } = handSource();
    const network = await wire(eventRegistry(source));
    const owner = await session(network);
    const { resource } = Subscribed.parse(structured(await owner.send(subscribeCall)));
    const subscribed = await network.call(
      { ...subscribeCall, params: { ...subscribeCall.params, _meta } },
      modern("tools/call", "subscribe"),
    );
    const own = Subscribed.parse(structured(subscribed)).resource;
    const listen = (uris: readonly string[]) =>
      network.open(
        {
          method: "subscriptions/listen",
          params: { notifications: { resourceSubscriptions: uris }, _meta },
        },
        modern("subscriptions/listen"),
      );
    const { frames } = await listen([resource, own, "nothing://at-all"]);
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    expect(frames[0]?.frame.params).toMatchObject({ notifications: { resourceSubscriptions: [own] } });
    sink(0).emit("theirs");
    sink(1).emit("mine");
    await vi.waitFor(() => expect(frames).toHaveLength(2));
    expect(frames[1]?.frame.params).toMatchObject({ uri: own });
    const refusal = async (uri: string) => {
      const { frames: answer } = await listen([uri]);
      await vi.waitFor(() => expect(answer).toHaveLength(1));
      return JSON.stringify(answer[0]?.frame.error).replaceAll(uri, "URI");
    };
    expect(await refusal(resource)).toBe(await refusal("events://sub_none"));
    expect(await refusal(resource)).toBe(await refusal("nothing://at-all"));
    expect(await refusal(resource)).toContain("-32602");
  });
});
