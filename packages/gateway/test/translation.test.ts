import {
  Client as Modern,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client as Old } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { expect, onTestFinished, test } from "vitest";
import { start, text, until } from "./_gateway.ts";
import { wholeOverStdio } from "./_whole.ts";

const capabilities = { elicitation: {}, sampling: {}, roots: {} };
const accept = { action: "accept" as const, content: { name: "Ada" } };
const roots = { roots: [{ uri: "file:///ada" }] };
const sampled = {
  role: "assistant" as const,
  model: "m",
  content: { type: "text" as const, text: "Ada" },
};

test("[GTW-34] the first SDK's client, of 2025, uses a server of 2026", async () => {
  const { url } = await start({ servers: [wholeOverStdio("s", "v2")] });
  const client = new Old({ name: "old", version: "1" }, { capabilities });
  client.setRequestHandler(ElicitRequestSchema, () => accept);
  client.setRequestHandler(CreateMessageRequestSchema, () => sampled);
  client.setRequestHandler(ListRootsRequestSchema, () => roots);
  const told: unknown[] = [];
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void told.push("tools"));
  client.setNotificationHandler(
    ResourceUpdatedNotificationSchema,
    ({ params }) => void told.push(params.uri),
  );
  client.setNotificationHandler(
    LoggingMessageNotificationSchema,
    ({ params }) => void told.push(params.level),
  );
  await client.connect(new OldTransport(new URL(`${url}/mcp`)));
  onTestFinished(() => client.close());
  const call = (name: string, args = {}) => client.callTool({ name: `s_${name}`, arguments: args });
  await until(async () => {
    // The client opens its stream after it has connected.
    await call("grow");
    expect(told).toContain("tools");
  });
  await client.setLoggingLevel("debug");
  expect(await call("elicit", { label: "x" })).toMatchObject(text("x: Ada"));
  expect(await call("sample", { label: "x" })).toMatchObject(text("x: Ada"));
  expect(await call("roots")).toMatchObject(text("file:///ada"));
  await call("log", { label: "x" });
  expect(told).toEqual(expect.arrayContaining(["debug", "warning"]));
  await client.subscribeResource({ uri: "whole-v2://fixed" });
  await until(async () => {
    await call("touch", { uri: "whole-v2://fixed" });
    expect(told).toContain("whole-v2://fixed");
  });
}, 60_000);

test("[GTW-34] the second SDK's client, of 2026, uses a server of 2025", async () => {
  const { url } = await start({ servers: [wholeOverStdio("s", "v1")] });
  const told: unknown[] = [];
  const onChanged = (_error: unknown, tools: readonly { name: string }[] | null): void => {
    told.push(...(tools ?? []).map(({ name }) => name));
  };
  const client = new Modern(
    { name: "new", version: "1" },
    {
      capabilities,
      versionNegotiation: { mode: { pin: "2026-07-28" } },
      listChanged: { tools: { onChanged, debounceMs: 0 } },
    },
  );
  client.setRequestHandler("elicitation/create", () => accept);
  client.setRequestHandler("sampling/createMessage", () => sampled);
  client.setRequestHandler("roots/list", () => roots);
  client.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => void told.push(params.uri),
  );
  await client.connect(new ModernTransport(new URL(`${url}/mcp`)));
  onTestFinished(() => client.close());
  const call = (name: string, args = {}) => client.callTool({ name: `s_${name}`, arguments: args });
  await call("grow");
  await until(() => expect(told).toContain("s_more"));
  const subscription = await client.listen({ resourceSubscriptions: ["whole-v1://fixed"] });
  await until(async () => {
    await call("touch", { uri: "whole-v1://fixed" });
    expect(told).toContain("whole-v1://fixed");
  });
  await subscription.close();
  expect(await call("elicit", { label: "x" })).toMatchObject(text("x: Ada"));
  expect(await call("sample", { label: "x" })).toMatchObject(text("x: Ada"));
  expect(await call("roots")).toMatchObject(text("file:///ada"));
}, 60_000);
