import { createMcpClient } from "@parley/mcp-client";
import type { McpClient, McpClientOptions } from "@parley/mcp-client";
import { defineTool } from "@parley/tool-registry";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { entry, isAlive, start, stdio, text, tool, until, upstream } from "./_gateway.ts";
import { party, wholeOverStdio } from "./_whole.ts";
import type { Party } from "./_whole.ts";

function parties(url: string, era: "legacy" | "modern"): readonly [Party, Party] {
  const pair = [party("Ada", url, era), party("Bob", url, era)] as const;
  onTestFinished(async () => {
    await Promise.all(pair.map(({ client }) => client.close()));
  });
  return pair;
}

function connect(options: McpClientOptions): McpClient {
  const client = createMcpClient({ timeoutMs: 20_000, ...options });
  onTestFinished(() => client.close());
  return client;
}

const asks = { action: "accept", content: { name: "x" } };

test("[GTW-31] a question of two calls over one stream waits until it is clear whose it is", async () => {
  const { url } = await start({ servers: [wholeOverStdio("w", "v1", { sessions: "shared" })] });
  const [ada, bob] = parties(url, "legacy");
  const busy = bob.client.callTool("w_progress", { label: "Bob" });
  const answer = await ada.client.callTool("w_elicit", { label: "Ada" });
  expect(answer).toMatchObject(text("Ada: Ada"));
  expect(await busy).toMatchObject(text("Bob"));
  expect(bob.asked).toEqual([]);
}, 60_000);

test("[GTW-31] where every call waits for an answer, nobody is asked on a guess", async () => {
  const { url, warnings } = await start({ servers: [wholeOverStdio("w", "v1", { sessions: "shared" })] });
  const pair = parties(url, "legacy");
  const answers = await Promise.all(
    pair.map(({ who, client }) => client.callTool("w_elicit", { label: who })),
  );
  expect(answers.filter(({ isError }) => isError === true)).toHaveLength(1);
  for (const { who, asked } of pair) expect(asked.every((message) => message === who)).toBe(true);
  expect(warnings.join()).toMatch(/belongs to no call, or to one of several/);
}, 60_000);

describe.each(["legacy", "modern"] as const)("[GTW-32 GTW-33] sessions of a program, %s", (era) => {
  test("each client has a program of its own with per-client, and none is left", async () => {
    const { gateway, url } = await start({ servers: [stdio("raw", [], { sessions: "per-client" })] });
    const pair = parties(url, era);
    const pid = async ({ client }: Party): Promise<number> => {
      const { content } = await client.callTool("raw_pid");
      return Number(Object(content)[0].text);
    };
    const [ada, bob] = await Promise.all([pid(pair[0]), pid(pair[1])]);
    expect(ada).not.toBe(bob);
    expect([ada, bob]).toContain(await pid(pair[0]));
    await gateway.close();
    await until(() => expect([isAlive(ada), isAlive(bob)]).toEqual([false, false]));
  });
});

test("[GTW-161] a program that serves one client hears that its roots changed, and no other client's", async () => {
  const { url } = await start({ servers: [wholeOverStdio("w", "v1", { sessions: "per-client" })] });
  const [ada, bob] = parties(url, "legacy");
  const changes = ({ client }: Party) => client.callTool("w_rootchanges");
  expect([await changes(ada), await changes(bob)]).toMatchObject([text("0"), text("0")]);
  await ada.client.notify("notifications/roots/list_changed");
  await until(async () => expect(await changes(ada)).toMatchObject(text("1")));
  expect(await changes(bob)).toMatchObject(text("0"));
}, 60_000);

test("[GTW-166] a program has the roots of its one client, and another client gets a program of its own", async () => {
  const { url } = await start({ servers: [wholeOverStdio("w", "v1")] });
  const [ada, bob] = parties(url, "legacy");
  const known = ({ client }: Party) => client.callTool("w_knownroots");
  // A client whose stream is not open yet is told of again.
  const tells = (one: Party) =>
    until(async () => {
      await one.client.notify("notifications/roots/list_changed");
      await until(async () => expect(await known(one)).toMatchObject(text(`file:///${one.who}`)));
    });
  expect(await known(ada)).toMatchObject(text("none"));
  await tells(ada);
  expect(await known(bob)).toMatchObject(text("none"));
  await tells(bob);
  expect(await known(ada)).toMatchObject(text("file:///Ada"));
}, 60_000);

test("[GTW-166] a program that all clients share keeps no client's roots for another", async () => {
  const { url } = await start({ servers: [wholeOverStdio("w", "v1", { sessions: "shared" })] });
  const [ada, bob] = parties(url, "legacy");
  const known = ({ client }: Party) => client.callTool("w_knownroots");
  await known(ada);
  await until(async () => {
    await ada.client.notify("notifications/roots/list_changed");
    await until(async () => expect(await known(ada)).toMatchObject(text("file:///Ada")));
  });
  await until(async () => expect(await known(bob)).not.toMatchObject(text("file:///Ada")));
  await ada.client.notify("notifications/roots/list_changed");
  await bob.client.callTool("w_progress", { label: "a while" });
  expect(await known(bob)).not.toMatchObject(text("file:///Ada"));
  await bob.client.close();
  await until(async () => expect(await known(ada)).toMatchObject(text("file:///Ada")));
}, 60_000);

test("[GTW-33] a program goes with the session it was for, and their number is bounded", async () => {
  const servers = [stdio("raw", [], { sessions: "per-client", maxSessions: 1 })];
  const { url } = await start({ servers });
  const [ada, bob] = parties(url, "legacy");
  const { content } = await ada.client.callTool("raw_pid");
  const pid = Number(Object(content)[0].text);
  const running = ada.client.callTool("raw_slow");
  expect(await bob.client.callTool("raw_pid")).toMatchObject({
    isError: true,
    _meta: { "parley/error": { code: "E_SERVER_BUSY" } },
  });
  await running;
  await ada.client.close();
  await until(() => expect(isAlive(pid)).toBe(false));
  expect(await bob.client.callTool("raw_pid")).not.toHaveProperty("isError");
});

test("[GTW-35] a task of a server is one of the gateway's, or a result where nobody follows it", async () => {
  const { registry, url: own } = await upstream();
  const long = defineTool({
    name: "long",
    description: "Asks within a task.",
    task: "required",
    input: z.object({}),
    handler: async (_args, context) => {
      const { content } = await context.elicit({ message: "Who?", schema: z.object({ name: z.string() }) });
      return `done for ${String(content?.name)}`;
    },
  });
  registry.addTool(long);
  const { url } = await start({ servers: [entry("up", { type: "http", url: own })] });
  for (const era of ["legacy", "modern"] as const) {
    const handlers = { "elicitation/create": () => asks };
    const plain = connect({ url: `${url}/mcp`, era, handlers });
    expect(await plain.callTool("up_long")).toMatchObject(text("done for x"));
  }
  const extensions = { "io.modelcontextprotocol/tasks": {} };
  const follows = connect({
    url: `${url}/mcp`,
    era: "modern",
    capabilities: { elicitation: {}, extensions },
  });
  const { taskId, resultType } = await follows.callTool("up_long", {}, { inputRequired: "return" });
  expect([resultType, typeof taskId]).toEqual(["task", "string"]);
  const look = () => follows.request("tasks/get", { taskId });
  let view = await look();
  await until(async () => {
    view = await look();
    expect(view["status"]).toBe("input_required");
  });
  const inputResponses = Object.fromEntries(
    Object.keys(Object(view["inputRequests"])).map((key) => [key, asks]),
  );
  await follows.request("tasks/update", { taskId, inputResponses });
  await until(async () =>
    expect(await look()).toMatchObject({ status: "completed", result: text("done for x") }),
  );
}, 60_000);

test("[GTW-44] a question whose server was replaced ends in an error that says what to do", async () => {
  const server = (name: string) => wholeOverStdio("w", "v1", { env: { GENERATION: name } });
  const { gateway, url } = await start({ servers: [server("1")] });
  let asked = (): void => undefined;
  const question = new Promise<void>((resolve) => (asked = resolve));
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const client = connect({
    url: `${url}/mcp`,
    era: "legacy",
    handlers: {
      "elicitation/create": async () => {
        asked();
        await answered;
        return asks;
      },
    },
  });
  const call = client.callTool("w_elicit", { label: "x" });
  await question;
  await gateway.reload({ servers: [server("2")], keys: [] });
  answer();
  expect(await call).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/no longer held: call the tool again/) }],
  });
  expect(await client.callTool("w_elicit", { label: "y" })).toMatchObject(text("y: x"));
}, 60_000);

test("[GTW-43] over MCP too a caller's headers are sent on, and no caller shares another's connection", async () => {
  const seen: unknown[] = [];
  const { registry, url: own } = await upstream({
    authenticator: ({ headers }) => {
      seen.push(headers["x-user"]);
      return { name: String(headers["x-user"]), scopes: new Set(["read", "dispatch"]) };
    },
  });
  registry.addTool(tool("who", (_args, { caller }) => text(String(caller))));
  registry.addResource({
    name: "r",
    uri: "x://r",
    read: async (uri, { caller }) => [{ uri, text: String(caller) }],
  });
  const forwarding = { enabled: true, whitelist: ["x-user", "authorization"] };
  const keys = [{ name: "k", key: "of-the-gateway", servers: [], tools: [] }];
  const servers = [entry("up", { type: "http", url: own, client_header_forwarding: forwarding })];
  const { url } = await start({ servers, keys });
  for (const era of ["legacy", "modern"] as const) {
    const answers = ["ada", "bob"].map(async (user) => {
      const headers = { "x-user": user, authorization: "Bearer of-the-gateway" };
      const client = connect({ url: `${url}/mcp`, era, headers });
      return [await client.callTool("up_who"), await client.readResource("x://r")];
    });
    expect(await Promise.all(answers)).toMatchObject([
      [text("ada"), { contents: [{ text: "ada" }] }],
      [text("bob"), { contents: [{ text: "bob" }] }],
    ]);
  }
  expect(seen.join()).not.toContain("of-the-gateway");
});
