import * as fc from "fast-check";
import { createMcpClient } from "@parley/mcp-client";
import {
  createMask,
  createRecorder,
  readRecording,
  replayGateway,
  replayServer,
  secretsOf,
} from "@parley/gateway";
import type { GatewayServer, RecorderOptions } from "@parley/gateway";
import { definePrompt, defineResource } from "@parley/tool-registry";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { entry, parse, start, stdio, text, tool, upstream } from "./_gateway.ts";

/** A gateway that records, and what it has written so far. */
async function recording(
  servers: readonly GatewayServer[],
  options: Partial<RecorderOptions> = {},
  keys: Parameters<typeof secretsOf>[1] = [],
) {
  const lines: string[] = [];
  const mask = createMask(secretsOf(servers, keys));
  const { wrapClient } = createRecorder({ servers, mask, write: (line) => lines.push(line), ...options });
  const started = await start({ servers, keys }, { wrapClient });
  return { ...started, lines, text: () => lines.join("") };
}

async function clock(): Promise<string> {
  const { registry, url } = await upstream();
  let count = 0;
  registry.addTool(
    tool("count", (args) => text(`${(count += 1)} ${JSON.stringify(args)}`), {
      inputSchema: { type: "object", properties: { zone: { type: "string" }, hours: { type: "integer" } } },
    }),
  );
  registry.addTool(
    tool("slow", (_args, context) => {
      context.progress(1, 2, "halfway");
      return { content: [], structuredContent: { done: true } };
    }),
  );
  registry.addTool(tool("sorry", { isError: true, content: [{ type: "text", text: "closed" }] }));
  registry.addPrompt(
    definePrompt({
      name: "greet",
      description: "Greets.",
      input: z.object({ who: z.string() }),
      handler: ({ who }) => `Greet ${who}.`,
    }),
  );
  registry.addResource(defineResource({ name: "note", uri: "note://one", handler: () => "a note" }));
  return url;
}

/** The same gateway, from what was written. */
async function replayed(written: string) {
  const gateway = replayGateway(readRecording(written), {}, { closeGraceMs: 50 });
  onTestFinished(() => gateway.close());
  const { url } = await gateway.listen();
  await gateway.settled;
  const ask = async (path: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers: body === undefined ? {} : { "content-type": "application/json" },
    });
    return { status: response.status, text: await response.text() };
  };
  return { gateway, ask };
}

test("[GTW-102 GTW-103] a replayed gateway answers as the recorded one did, without its servers", async () => {
  const servers = [
    entry("clock", {
      type: "http",
      url: await clock(),
      tools: { count: { name: "tally" } },
      denyTools: ["none"],
    }),
    stdio("raw"),
  ];
  const { url, post, text: written, gateway } = await recording(servers);
  const asked: readonly (readonly [string, unknown])[] = [
    ["/clock/tally", { zone: "UTC", hours: 1 }],
    ["/clock/tally", { zone: "UTC", hours: 1 }],
    ["/clock/tally", { zone: "Europe/Berlin" }],
    ["/clock/slow", {}],
    ["/clock/sorry", {}],
    ["/raw/echo", { text: "hi" }],
    ["/clock/prompts/greet", { who: "Ada" }],
  ];
  const before = [];
  for (const [path, body] of asked) {
    const { status, text: body_ } = await post(path, body);
    before.push({ status, text: body_ });
  }
  const documents = await (await fetch(`${url}/openapi.json`)).json();
  const note = await (await fetch(`${url}/clock/resources?uri=note://one`)).text();
  await gateway.close();

  const { ask, gateway: again } = await replayed(written());
  const after = [];
  for (const [path, body] of asked) after.push(await ask(path, body));
  expect(after).toEqual(before);
  expect(JSON.parse((await ask("/openapi.json")).text)).toEqual(documents);
  expect((await ask("/clock/resources?uri=note://one")).text).toBe(note);
  expect(again.servers).toMatchObject([
    { name: "clock", state: "ready", transport: "http" },
    { name: "raw", state: "ready", transport: "stdio" },
  ]);
  // The last of several answers to the same call stays.
  expect((await ask("/clock/tally", { zone: "UTC", hours: 1 })).text).toBe(before[1]?.text);
});

test("[GTW-103] a call that was not recorded is refused, with the nearest one named", async () => {
  const {
    post,
    text: written,
    lines,
  } = await recording([entry("clock", { type: "http", url: await clock() })]);
  await post("/clock/count", { zone: "UTC", hours: 1 });
  await post("/clock/count", { zone: "Europe/Berlin", hours: 24 });
  const { ask, gateway } = await replayed(written());
  const near = await ask("/clock/count", { zone: "Asia/Tokyo", hours: 24 });
  const line = lines.findIndex((each) => each.includes("Berlin")) + 1;
  expect(near.status).toBe(404);
  expect(JSON.parse(near.text)).toMatchObject({
    error: {
      code: "E_REPLAY_UNKNOWN",
      message: `The recording holds no call of clock.count with these arguments; the nearest, on line ${line}, differs in zone.`,
      details: { line, differing: ["zone"] },
    },
  });
  await expect(gateway.call({ server: "clock", tool: "sorry" })).rejects.toThrow(
    "The recording holds no call of clock.sorry; of this server it holds count.",
  );
});

test("[GTW-102] a recording holds no secret: none of the configuration, and none that a name or a form tells", async () => {
  const { servers, keys } = parse(
    {
      mcpServers: {
        clock: {
          type: "http",
          url: `${await clock()}?api_key=query-secret`,
          headers: { Authorization: "Bearer header-secret-1", "X-Site": "site-secret-2" },
        },
        raw: {
          ...(stdio("raw").connection as { command: string; args: readonly string[] }), // made by a file of its own
          env: { API_TOKEN: "env-secret-3", PLAIN: "plain-value" },
        },
      },
      keys: { laptop: { key: "gateway-key-4" } },
    },
    {},
  );
  const { post, text: written } = await recording(servers, {}, keys);
  const headers = { authorization: "Bearer gateway-key-4" };
  const said = "header-secret-1 site-secret-2 gateway-key-4 sk-abcdefghijklmnop1234";
  const args = { password: "typed-secret-5", deep: [{ accessToken: "typed-secret-6" }], said, max_tokens: 5 };
  await post("/clock/count", args, headers);
  await post("/raw/env", { name: "API_TOKEN" }, headers);
  await post("/raw/env", { name: "PLAIN" }, headers);
  const all = written();
  expect(all).not.toMatch(/secret-\d|gateway-key|query-secret|sk-abc/);
  expect(all).toContain("plain-value");
  expect(all).toContain('"max_tokens":5');
  // What was hidden by its name is found again.
  const { ask } = await replayed(all);
  expect((await ask("/clock/count", { ...args, password: "another", said: "x" })).text).toContain(
    "differs in said.",
  );
});

test("[GTW-104] a torn last line is passed over; any other fault is told with its line", async () => {
  const { post, text: written } = await recording([stdio("raw")]);
  await post("/raw/echo", { text: "one" });
  await post("/raw/echo", { text: "two" });
  const whole = written();
  const calls = (source: string) => readRecording(source).servers[0]?.calls.length;
  expect(calls(whole)).toBe(2);
  const torn = readRecording(whole.slice(0, -20));
  expect([torn.servers[0]?.calls.length, torn.ended]).toEqual([
    1,
    expect.stringMatching(/^its last line, \d+, is torn$/),
  ]);
  const [header = "", ...rest] = whole.split("\n");
  expect(() => readRecording([header, "{broken", ...rest].join("\n"), { path: "s.jsonl" })).toThrow(
    "s.jsonl:2: this is no line of a recording.",
  );
  expect(() => readRecording("{}\n")).toThrow(/recording:1: a recording begins with a line such as/);
  expect(() => readRecording(whole.replace('"mcpRecording":1', '"mcpRecording":2'))).toThrow(
    "this is version 2 of the format, and version 1 is read here",
  );
});

test("[GTW-104] whatever cuts or mixes a recording, it is read or refused with a line", () => {
  const header = JSON.stringify({ mcpRecording: 1, recordedAt: "x", by: "y", servers: [] });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.json(), fc.string(), fc.constant(header))),
      fc.nat(2000),
      (lines, cut) => {
        const source = [header, ...lines].join("\n").slice(0, cut);
        try {
          expect(readRecording(source).servers).toEqual([]);
        } catch (thrown) {
          expect(String(thrown)).toMatch(/recording:\d+: /);
        }
      },
    ),
  );
});

test("[GTW-104] a recording is bounded: large answers are left out, and it ends when it is full", async () => {
  const reasons: string[] = [];
  const bounds = { maxLineBytes: 3000, maxBytes: 7000, onFull: (reason: string) => reasons.push(reason) };
  const { post, lines, text: written } = await recording([stdio("raw")], bounds);
  expect((await post("/raw/echo", { text: "x".repeat(4000) })).status).toBe(200);
  expect((await post("/raw/large")).status).toBe(200);
  for (let count = 0; count < 40; count += 1) await post("/raw/echo", { text: String(count).padEnd(60) });
  expect(written().length).toBeLessThan(7200);
  expect(lines.at(-1)).toContain('"kind":"end"');
  expect(reasons).toHaveLength(1);
  const read = readRecording(written());
  expect(read.ended).toMatch(/^The recording has reached/);
  const { gateway } = await replayed(written());
  await expect(gateway.call({ server: "raw", tool: "large" })).rejects.toThrow(
    /^The answer of 1048\d+ bytes on line \d+ of raw was too large to be recorded\.$/,
  );
});

test("[GTW-104] a recorded server is a fixture that any MCP client can call", async () => {
  const { post, text: written } = await recording([
    entry("clock", { type: "http", url: await clock() }),
    stdio("raw"),
  ]);
  await post("/clock/slow", {});
  const found = readRecording(written());
  await expect(replayServer(found)).rejects.toThrow('no server named ""; it has clock, raw.');
  const server = await replayServer(found, { server: "clock", closeGraceMs: 50 });
  onTestFinished(() => server.close());
  const { url } = await server.listen();
  const client = createMcpClient({ url: `${url}/mcp` });
  onTestFinished(() => client.close());
  expect((await client.listTools()).map(({ name }) => name)).toEqual(["count", "slow", "sorry"]);
  const heard: unknown[] = [];
  const result = await client.callTool("slow", {}, { onProgress: (report) => heard.push(report) });
  expect(result).toMatchObject({ structuredContent: { done: true } });
  expect(heard).toMatchObject([{ progress: 1, total: 2, message: "halfway" }]);
});
