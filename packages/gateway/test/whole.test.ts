import type { Gateway } from "@parley/gateway";
import { createGateway } from "@parley/gateway";
import type { McpNotification } from "@parley/mcp-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { text, until } from "./_gateway.ts";
import { party, wholeOverHttp, wholeOverStdio } from "./_whole.ts";
import type { Party } from "./_whole.ts";

/** Servers of both SDKs, one of 2025 and one of 2026, over both transports, behind one gateway. */
const held: { url: string; gateway?: Gateway; closers: (() => Promise<void>)[] } = { url: "", closers: [] };

beforeAll(async () => {
  const [old, fresh] = await Promise.all([wholeOverHttp("h1", "v1"), wholeOverHttp("h2", "v2")]);
  const overStdio = [wholeOverStdio("s1", "v1"), wholeOverStdio("s2", "v2")];
  const servers = [...overStdio, old.server, fresh.server];
  const gateway = createGateway({ servers }, { firstBackoffMs: 20, closeGraceMs: 100 });
  held.gateway = gateway;
  held.url = (await gateway.listen()).url;
  held.closers = [old.close, fresh.close];
  await gateway.settled;
}, 120_000);

afterAll(async () => {
  await held.gateway?.close();
  for (const close of held.closers) await close();
}, 60_000);

/** One block of every kind, as fixtures/whole-parts.mjs has them. */
const blocks = [
  { type: "text", text: "t", annotations: { audience: ["user"] } },
  { type: "image", data: "aQ==", mimeType: "image/png" },
  { type: "audio", data: "YQ==", mimeType: "audio/wav" },
  { type: "resource", resource: { uri: "x://e", text: "embedded", mimeType: "text/plain" } },
  { type: "resource_link", uri: "x://l", name: "linked" },
];

const eras = ["legacy", "modern"] as const;
const upstreams = ["s1", "s2", "h1", "h2"] as const;
/**
 * What says nothing of its own over a stream is the same whichever SDK the server has: each era meets each transport
 * once, and each SDK both. Questions and logs, where the four come apart, are tried in all eight.
 */
const once: Readonly<Record<(typeof upstreams)[number], (typeof eras)[number]>> = {
  s1: "legacy",
  s2: "modern",
  h1: "modern",
  h2: "legacy",
};
const bothAt = <Value>(pair: readonly Party[], work: (one: Party) => Promise<Value>): Promise<Value[]> =>
  Promise.all(pair.map((one) => work(one)));

// The servers have nothing in common, so they are tried beside one another; the eras of one come after one another.
describe.concurrent.each(upstreams)(
  "[GTW-30 GTW-34 GTW-162 GTW-165] %s through the gateway, two clients",
  (server) => {
    describe.sequential.each(eras)("%s", (era) => {
      cellsOf(server, era);
    });
  },
);

/** [GTW-165]: and of no other's. */
async function hearsOfItsPage(pair: readonly Party[]): Promise<void> {
  const done = "notifications/elicitation/complete";
  for (const { who, told } of pair) {
    const pages = () =>
      told.flatMap(({ method, params }) => (method === done ? [params["elicitationId"]] : []));
    await until(() => expect(pages()).toContain(`visit-${who}`));
    expect(new Set(pages())).toEqual(new Set([`visit-${who}`]));
  }
}

function cellsOf(server: (typeof upstreams)[number], era: (typeof eras)[number]): void {
  const testOnce: (name: string, run: () => Promise<void>) => void =
    once[server] === era ? test : () => undefined;
  const pair: Party[] = [];
  const ada = (): Party => {
    const [first] = pair;
    if (first === undefined) throw new Error("no client");
    return first;
  };
  const called = (name: string) => `${server}_${name}`;
  const scheme = `whole-${server.endsWith("1") ? "v1" : "v2"}`;
  beforeAll(() => {
    pair.push(...["Ada", "Bob"].map((who) => party(who, held.url, era)));
  });
  afterAll(async () => {
    await bothAt(pair, ({ client }) => client.close());
  });

  testOnce("lists come whole, however many pages the server has, and change", async () => {
    const names = await bothAt(pair, async ({ client }) =>
      (await client.listTools()).map(({ name }) => name),
    );
    expect(names[0]).toEqual(expect.arrayContaining([called("progress"), called("touch")]));
    const long = names[0]?.filter((name) => String(name).startsWith(called("nnn"))) ?? [];
    expect(long.every((name) => String(name).length <= 64)).toBe(true);
    expect(long).toHaveLength(1);
    expect(await pair[0]?.client.callTool(String(long[0]))).toMatchObject(text("long"));
    await pair[0]?.client.callTool(called("grow"));
    await until(async () => {
      const tools = (await pair[1]?.client.listTools()) ?? [];
      expect(tools.map(({ name }) => name)).toContain(called("more"));
    });
  });

  testOnce("progress reaches who called", async () => {
    const heard = await bothAt(pair, async ({ who, client }) => {
      const reports: unknown[] = [];
      await client.callTool(called("progress"), { label: who }, { onProgress: (one) => reports.push(one) });
      return reports;
    });
    const reports = (message: string) => [1, 2, 3].map((progress) => ({ progress, total: 3, message }));
    expect(heard).toEqual([reports("Ada"), reports("Bob")]);
  });

  test("elicitation, sampling and roots ask who called", async () => {
    // One after the other: who shares a stream is told apart from then on.
    for (const { who, client } of pair) {
      expect(await client.callTool(called("elicit"), { label: who })).toMatchObject(text(`${who}: ${who}`));
    }
    for (const [tool, answer] of [
      ["elicit", (who: string) => `${who}: ${who}`],
      ["visit", (who: string) => `${who}: accept`],
      ["sample", (who: string) => `${who}: ${who}`],
      ["roots", (who: string) => `file:///${who}`],
    ] as const) {
      const args = (who: string) => (tool === "roots" ? {} : { label: who });
      const answers = await bothAt(pair, ({ who, client }) => client.callTool(called(tool), args(who)));
      expect(answers).toMatchObject([text(answer("Ada")), text(answer("Bob"))]);
    }
    for (const { who, asked } of pair) expect(asked.join()).not.toContain(who === "Ada" ? "Bob" : "Ada");
    // Both revisions send people to pages; only that of 2025 says later that the page is done.
    if (era === "legacy" && server.endsWith("1")) await hearsOfItsPage(pair);
  });

  test("log messages reach who called, at the level it asked for", async () => {
    await pair[0]?.client.setLogLevel("debug");
    await pair[1]?.client.setLogLevel("warning");
    const hear = async ({ who, client }: Party): Promise<unknown[]> => {
      const logs: unknown[] = [];
      const onNotification = ({ params }: McpNotification) => logs.push(params);
      await client.callTool(called("log"), { label: who }, { onNotification });
      return logs;
    };
    // Once by itself: a stream that does not tell for whom it logs is known for that from then on.
    await hear(ada());
    const heard = await bothAt(pair, hear);
    const log = (level: string, data: string) => ({ level, data, logger: "whole" });
    expect(heard).toMatchObject([[log("debug", "Ada"), log("warning", "Ada")], [log("warning", "Bob")]]);
  });

  testOnce("a call that is cancelled is cancelled at the server", async () => {
    const [ada] = pair;
    const count = async () => {
      const { content } = (await ada?.client.callTool(called("cancelled"))) ?? {};
      return JSON.stringify(content);
    };
    const before = await count();
    const stop = new AbortController();
    const waiting = ada?.client.callTool(called("wait"), {}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await expect(waiting).rejects.toMatchObject({ code: "E_INTERRUPTED" });
    await until(async () => expect(await count()).not.toBe(before));
  });

  testOnce("results keep every kind of content, structure, failure and _meta", async () => {
    const [ada] = pair;
    const call = (name: string, meta = {}) => ada?.client.callTool(called(name), {}, { meta });
    expect(await call("media")).toMatchObject({ content: blocks });
    expect(await call("structured")).toMatchObject({ structuredContent: { n: 1 } });
    expect(await call("fail")).toMatchObject({ ...text("no"), isError: true });
    expect(await call("meta", { "x/of": "call" })).toMatchObject({
      ...text("call"),
      _meta: { "x/of": "result" },
    });
    const tools = (await ada?.client.listTools()) ?? [];
    expect(tools.find(({ name }) => name === called("structured"))).toMatchObject({
      title: "Structured",
      annotations: { readOnlyHint: true },
      outputSchema: { properties: { n: { type: "number" } } },
      _meta: { "x/of": "tool" },
    });
  });

  testOnce("prompts, resources, templates and completions", async () => {
    const [ada] = pair;
    expect(await ada?.client.listPrompts()).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: called("greet"), title: "Greeting" })]),
    );
    expect(await ada?.client.getPrompt(called("greet"), { name: "Ada" })).toMatchObject({
      description: "Greets.",
      messages: [{ role: "user", content: { text: "Hello Ada" } }],
    });
    const complete = async (ref: Parameters<typeof Object>[0], name: string, value: string) =>
      (await ada?.client.complete({ ref, argument: { name, value } }))?.["completion"];
    expect(await complete({ type: "ref/prompt", name: called("greet") }, "name", "Al")).toMatchObject({
      values: ["Alan"],
    });
    const many = await complete({ type: "ref/prompt", name: called("greet") }, "name", "many");
    expect(many).toMatchObject({ total: 150, hasMore: true });
    expect(Object(many).values).toHaveLength(100);
    // Resources keep their addresses, which the first server of that address has at /mcp.
    const own = party("Eve", `${held.url}/servers/${server}`, era);
    const uri = `${scheme}://fixed`;
    expect(await own.client.listResources()).toMatchObject([{ uri, mimeType: "text/plain" }]);
    expect(await own.client.readResource(uri)).toMatchObject({
      contents: [{ uri, text: "fixed", _meta: { "x/of": "contents" } }],
    });
    const [template] = await own.client.listResourceTemplates();
    expect(template).toMatchObject({ uriTemplate: `${scheme}://family/{id}` });
    expect(await own.client.readResource(`${scheme}://family/7`)).toMatchObject({
      contents: [{ blob: Buffer.from("7").toString("base64") }],
    });
    const ref = { type: "ref/resource" as const, uri: `${scheme}://family/{id}` };
    expect(await own.client.complete({ ref, argument: { name: "id", value: "7" } })).toMatchObject({
      completion: { values: ["7", "77"] },
    });
    await own.client.close();
  });

  testOnce("a changed resource is told to who watches it, and to nobody else", async () => {
    const [ada, bob] = ["Ada", "Bob"].map((who) => party(who, `${held.url}/servers/${server}`, era));
    const uri = `${scheme}://fixed`;
    await ada?.client.subscribeResource(uri);
    await bob?.client.listTools();
    await until(async () => {
      await bob?.client.callTool("touch", { uri });
      expect(ada?.told).toContainEqual(
        expect.objectContaining({ method: "notifications/resources/updated" }),
      );
    });
    expect(bob?.told.filter(({ method }) => method === "notifications/resources/updated")).toEqual([]);
    await Promise.all([ada?.client.close(), bob?.client.close()]);
  });
}
