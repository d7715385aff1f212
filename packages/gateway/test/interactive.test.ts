import { defineTool } from "@parley/tool-registry";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { entry, start, text, tool, until, upstream } from "./_gateway.ts";
import type { Started } from "./_gateway.ts";

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const keys = [
  { name: "ada", key: "k-ada", servers: [], tools: [] },
  { name: "bob", key: "k-bob", servers: [], tools: [] },
];

const remove = defineTool({
  name: "remove",
  description: "Asks before it removes.",
  input: z.object({ run: z.string().default("r1").describe("The run") }),
  async handler({ run }, context) {
    const answer = await context.elicit({
      message: `Remove ${run}?`,
      schema: z.object({
        keepLogs: z.boolean().describe("Keep the logs"),
        copies: z.number().int().min(1).max(3).default(1).describe("Copies"),
      }),
    });
    if (answer.action !== "accept") return `nothing: ${answer.action}`;
    return `removed ${run}, logs ${answer.content.keepLogs}, ${answer.content.copies}`;
  },
});

const ponder = defineTool({
  name: "ponder",
  description: "Asks a model.",
  input: z.object({}),
  async handler(_args, context) {
    const { text: said } = await context.sample({ prompt: "How many?" });
    return `the model said ${said}`;
  },
});

async function started(more: Parameters<typeof start>[1] = {}, timeout = 30) {
  const { registry, url } = await upstream();
  registry.addTool(remove);
  registry.addTool(ponder);
  const server = entry("up", { type: "http", url, timeout });
  return { registry, ...(await start({ servers: [server] }, more)) };
}

const onlyKey = (questions: unknown): string => Object.keys(Object(questions))[0] ?? "";

test("[GTW-50] a question is 202 with its form, and the answer goes on to the result", async () => {
  const { post, get } = await started();
  const asked = await post("/up/remove", { run: "r7" });
  expect(asked.status).toBe(202);
  const href = String(asked.at("href"));
  expect(asked.headers.get("location")).toBe(href);
  expect(href).toMatch(/^\/-\/calls\/[\w-]{32}$/);
  const key = onlyKey(asked.at("questions"));
  expect(asked.json).toMatchObject({
    status: "input_required",
    questions: {
      [key]: {
        kind: "form",
        message: "Remove r7?",
        schema: { type: "object", properties: { keepLogs: { type: "boolean" } }, required: ["keepLogs"] },
      },
    },
  });
  expect((await get(href)).json).toMatchObject({ status: "input_required" });
  const answered = await post(href, { action: "accept", content: { keepLogs: true, copies: 2 } });
  expect([answered.status, answered.json]).toEqual([200, "removed r7, logs true, 2"]);
  // Whoever lost the reply gets it again.
  expect((await post(href, { action: "accept", content: { keepLogs: false } })).json).toBe(answered.json);
  expect((await get(href)).json).toBe(answered.json);
});

test("[GTW-50] a request to a model is answered with what the model said", async () => {
  const { post } = await started();
  const asked = await post("/up/ponder", {});
  const key = onlyKey(asked.at("questions"));
  expect(asked.at("questions", key, "kind")).toBe("model");
  expect(asked.at("questions", key, "request", "messages", 0, "content", "text")).toBe("How many?");
  const answer = { answers: { [key]: { content: { type: "text", text: "three" } } } };
  expect((await post(String(asked.at("href")), answer)).json).toBe("the model said three");
  const again = await post("/up/ponder", {});
  const declined = await post(String(again.at("href")), { action: "decline" });
  expect([declined.status, declined.at("error", "code")]).toEqual([422, "E_INPUT_UNSUPPORTED"]);
});

test("[GTW-50] a server of the 2025 revisions over stdio asks in the same way", async () => {
  const script = new URL("../../mcp-client/test/fixtures/v1-server.mjs", import.meta.url).pathname;
  const { post } = await start({ servers: [entry("old", { command: process.execPath, args: [script] })] });
  const asked = await post("/old/ask", {});
  expect(asked.status).toBe(202);
  const content = { name: "Ada", tone: "kind" };
  expect((await post(String(asked.at("href")), { action: "accept", content })).json).toBe("kind Ada");
});

test("[GTW-51] what does not fit is told, declining reaches the tool, and time stands still", async () => {
  const { post } = await started({}, 0.4);
  const asked = await post("/up/remove", {});
  const href = String(asked.at("href"));
  const wrong: readonly (readonly [unknown, readonly string[]])[] = [
    [{ action: "accept", content: { keepLogs: "yes" } }, ["body", "content", "keepLogs"]],
    [{ action: "accept", content: { keepLogs: true, copies: 9 } }, ["body", "content", "copies"]],
    [{ action: "perhaps" }, ["body", "action"]],
    [[], ["body"]],
    ["{", ["body"]],
    [{ answers: {} }, ["body", "answers"]],
  ];
  for (const [body, loc] of wrong) {
    const refused = await post(href, body);
    expect([body, refused.status]).toEqual([body, 422]);
    expect(JSON.stringify(refused.at("detail", 0, "loc"))).toContain(JSON.stringify(loc).slice(0, -1));
  }
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect((await post(href, { action: "decline" })).json).toBe("nothing: decline");
  const other = await post("/up/remove", {});
  expect((await post(String(other.at("href")), { action: "cancel" })).json).toBe("nothing: cancel");
});

test("[GTW-50] a caller who answers nothing says so, and the tool is told", async () => {
  const { post } = await started();
  const refused = await post("/up/remove", {}, { prefer: "interaction=none" });
  expect([refused.status, refused.text]).toEqual([422, expect.stringContaining("elicitation")]);
});

test("[GTW-52] a waiting call is its caller's alone, and is forgotten in time", async () => {
  const { registry, url } = await upstream();
  registry.addTool(remove);
  const servers = [entry("up", { type: "http", url })];
  const { post, get, gateway } = await start({ servers, keys }, { callTtlMs: 300 });
  const asked = await post("/up/remove", {}, bearer("k-ada"));
  const href = String(asked.at("href"));
  expect((await get(href)).status).toBe(401);
  expect((await get(href, bearer("k-bob"))).status).toBe(404);
  expect((await post(href, { action: "accept" }, bearer("k-bob"))).status).toBe(404);
  expect((await get(href, bearer("k-ada"))).status).toBe(202);
  await until(() => expect(gateway.servers[0]?.running).toBe(0));
  expect((await get(href, bearer("k-ada"))).status).toBe(404);
});

test("[GTW-53] respond-async answers with an address that tells progress and the result", async () => {
  const { registry, url } = await upstream();
  const held: { go: () => void; ended: boolean } = { go: () => undefined, ended: false };
  registry.addTool(
    tool("slow", async (_args, context) => {
      context.progress(1, 3, "one of three");
      context.signal.addEventListener("abort", () => (held.ended = true));
      await new Promise<void>((resolve) => {
        held.go = resolve;
        context.signal.addEventListener("abort", () => resolve());
      });
      return text("done");
    }),
  );
  const { post, get, url: base } = await start({ servers: [entry("up", { type: "http", url })] });
  const accepted = await post("/up/slow", {}, { prefer: "respond-async, wait=10" });
  expect([accepted.status, accepted.at("status")]).toEqual([202, "running"]);
  expect(accepted.headers.get("preference-applied")).toBe("respond-async");
  expect(accepted.headers.get("retry-after")).toBe("1");
  const href = accepted.headers.get("location") ?? "";
  await until(async () => expect((await get(href)).at("progress", "message")).toBe("one of three"));
  expect((await post(href, { action: "accept" })).status).toBe(409);
  const waiting = get(href, { prefer: "wait=20" });
  held.go();
  expect((await waiting).json).toBe("done");
  const second = (await post("/up/slow", {}, { prefer: "respond-async" })).headers.get("location") ?? "";
  await until(async () => expect((await get(second)).at("progress", "total")).toBe(3));
  expect((await fetch(`${base}${second}`, { method: "DELETE" })).status).toBe(204);
  await until(() => expect(held.ended).toBe(true));
  expect((await get(second)).status).toBe(404);
});

test("[GTW-52] the number of waiting calls is bounded, and results nobody fetched make room", async () => {
  const { post, get } = await started({ maxHeldCalls: 20 });
  const first = (await post("/up/remove", {})).headers.get("location") ?? "";
  await post(first, { action: "decline" });
  const all = await Promise.all(Array.from({ length: 4 }, async () => await post("/up/remove", {})));
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([202]));
  expect((await get(first)).status).toBe(404);
  const refused = await post("/up/remove", {});
  expect([refused.status, refused.at("error", "code")]).toEqual([429, "E_CALL_LIMIT"]);
  expect((await post("/up/remove", {}, { prefer: "respond-async" })).status).toBe(429);
});

interface Events {
  readonly response: Response;
  readonly next: () => Promise<{ readonly event: string; readonly data: unknown }>;
  readonly leave: () => void;
}

async function open({ url }: Pick<Started, "url">, path: string): Promise<Events> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { accept: "text/event-stream", "content-type": "application/json" },
    body: "{}",
    signal: stop.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  const next: Events["next"] = async () => {
    for (;;) {
      const cut = buffer.indexOf("\n\n");
      if (cut < 0) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) throw new Error(`ended: ${buffer}`);
        buffer += piece.value;
        continue;
      }
      const lines = buffer.slice(0, cut).split("\n");
      buffer = buffer.slice(cut + 2);
      const event = lines.find((line) => line.startsWith("event: "))?.slice(7);
      const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
      if (event !== undefined) return { event, data: JSON.parse(data.join("\n")) };
    }
  };
  return { response, next, leave: () => stop.abort() };
}

test("[GTW-54] events tell progress, a question and the result; leaving ends the call", async () => {
  const { registry, ...gateway } = await started();
  const held = { ended: false };
  registry.addTool(
    tool("work", async (_args, context) => {
      context.progress(1, 2, "half");
      const answer = await context.input({
        go: {
          kind: "form",
          method: "elicitation/create",
          params: { message: "Go on?", requestedSchema: { type: "object", properties: {} } },
          read: (raw) => raw,
        },
      });
      return text(`{"action":\n"${Object(answer.go).action}"}`);
    }),
  );
  registry.addTool(
    tool("stay", async (_args, context) => {
      context.progress(1);
      await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve()));
      held.ended = true;
      return text("late");
    }),
  );
  await until(async () => expect((await gateway.get("/openapi.json")).keys("paths")).toContain("/up/stay"));
  const events = await open(gateway, "/up/work");
  expect(events.response.headers.get("content-type")).toContain("text/event-stream");
  const first = await events.next();
  expect(first).toEqual({ event: "progress", data: { progress: 1, total: 2, message: "half" } });
  const asked = await events.next();
  expect(asked.event).toBe("input_required");
  const answered = await gateway.post(String(Object(asked.data).href), { action: "accept", content: {} });
  expect([answered.status, answered.at("status")]).toEqual([202, "running"]);
  let last = await events.next();
  while (last.event === "progress") last = await events.next();
  expect(last).toEqual({ event: "result", data: { action: "accept" } });

  const staying = await open(gateway, "/up/stay");
  await staying.next();
  staying.leave();
  await until(() => expect(held.ended).toBe(true));
  const unknown = await open(gateway, "/up/none");
  expect([unknown.response.status, unknown.response.headers.get("content-type")]).toEqual([
    404,
    "application/json; charset=utf-8",
  ]);
});

test("[GTW-54] a tool that fails ends its events with the fault", async () => {
  const { registry, url } = await upstream();
  registry.addTool(tool("fail", { content: [{ type: "text", text: "no luck" }], isError: true }));
  const events = await open(await start({ servers: [entry("up", { type: "http", url })] }), "/up/fail");
  const fault = await events.next();
  expect([fault.event, Object(fault.data).status]).toEqual(["error", 502]);
  expect(Object(fault.data).detail).toEqual({ message: "no luck" });
});
