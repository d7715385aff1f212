import { expect, onTestFinished, test, vi } from "vitest";
import { breakHttp, fuzz } from "./_fuzz/run.ts";
import { openTarget } from "./_fuzz/target.ts";
import { send } from "./_fuzz/wire.ts";
import { inject, modernRequest, testServer } from "./support.ts";

/** One at a time. */
const letters = (text: string): string[] => text.split("");

async function target(guarded: boolean) {
  const opened = await openTarget({ guarded });
  onTestFinished(() => opened.close());
  return opened;
}

test("[ROB-01] every way of breaking HTTP is answered with a client's fault or a closed connection", async () => {
  expect(await breakHttp(await target(false))).toEqual([]);
}, 60_000);

test("[ROB-02] no request of either era brings a server down or makes it call a client's fault its own", async () => {
  await expect(fuzz({ target: await target(false), requests: 600 })).resolves.toBeUndefined();
}, 120_000);

test("[ROB-02] nor does one without the token that is asked for", async () => {
  await expect(fuzz({ target: await target(true), requests: 150 })).resolves.toBeUndefined();
}, 60_000);

test("[ROB-04] a stream ends with its client, whatever the client sent with the request for it", async () => {
  const held = await target(false);
  const { port, server } = held;
  const body = "[".repeat(300_000);
  const head = `host: 127.0.0.1\r\naccept: text/event-stream\r\ncontent-length: ${body.length}`;
  const named = `mcp-session-id: ${await held.session()}\r\nmcp-protocol-version: 2025-11-25`;
  const { how } = await send(port, { pieces: [`GET /sse HTTP/1.1\r\n${head}\r\n\r\n`, body] });
  expect(how).toBe("open");
  await send(port, { pieces: [`GET /mcp HTTP/1.1\r\n${head}\r\n${named}\r\n\r\n`, body] });
  await vi.waitFor(() => expect(server.activity().sse.open).toBe(0));
  const again = `GET /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n${named}\r\n\r\n`;
  await vi.waitFor(async () => expect((await send(port, { pieces: [again] })).statuses).toEqual([200]));
});

test("[ROB-01] a client that takes forever to send is cut off", async () => {
  const server = testServer({ receiveTimeoutMs: 300 });
  const { port } = await server.listen();
  const head = "POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n";
  const sized = `${head}content-length: 500\r\n\r\n`;
  const drops = { pauseMs: 20, after: "wait" } as const;
  const slow = await Promise.all([
    send(port, { pieces: [head] }),
    send(port, { pieces: [sized, '{"jsonrpc"'] }),
    send(port, { pieces: [sized, ...letters("x".repeat(100))], ...drops }),
    send(port, { pieces: letters(head), ...drops }),
  ]);
  expect(slow.map(({ how, statuses }) => [how, ...statuses])).toEqual(slow.map(() => ["closed", 408]));
});

test("[ROB-09] parameters of the wrong type are the caller's fault", async () => {
  const server = testServer();
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const payload = { jsonrpc: "2.0", id: 1, method: "prompts/get", params: { name: [] } };
  const old = await server.app.inject({ method: "POST", url: "/mcp", headers, payload });
  const { params } = payload;
  const modern = await inject(server, modernRequest("prompts/get", params));
  for (const { body } of [old, modern]) {
    expect(body).toContain('"code":-32602');
    expect(body).toMatch(/Invalid prompts\/get request: .*name: .*string/);
  }
});

test("[ROB-05] a bottomless body is refused at every route that reads one", async () => {
  const server = testServer();
  server.app.post("/plain", async () => "read");
  const payload = `{"a":${"[".repeat(300)}${"]".repeat(300)}}`;
  const headers = { "content-type": "application/json" };
  for (const url of ["/mcp", "/plain"]) {
    const answer = await server.app.inject({ method: "POST", url, headers, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain("256 deep");
  }
  const flat = JSON.stringify({ a: "[".repeat(1000), b: '\\"[['.repeat(300) });
  expect(
    (await server.app.inject({ method: "POST", url: "/plain", headers, payload: flat })).statusCode,
  ).toBe(200);
});
