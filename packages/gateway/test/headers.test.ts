import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { entry, start } from "./_gateway.ts";

interface Seen {
  readonly session: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An MCP server of 2025 that answers with the headers of the call. */
async function mirror(): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  let sessions = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      if (request.method !== "POST") return response.writeHead(405).end();
      const { id, method } = JSON.parse(body);
      const send = (result: unknown, headers: Record<string, string> = {}): void => {
        response.writeHead(200, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
      };
      if (id === undefined) return response.writeHead(202).end();
      if (method === "initialize") {
        const serverInfo = { name: "mirror", version: "1" };
        return send(
          { protocolVersion: "2025-06-18", serverInfo, capabilities: { tools: {} } },
          { "mcp-session-id": `s${(sessions += 1)}` },
        );
      }
      if (method === "tools/list")
        return send({ tools: [{ name: "show", inputSchema: { type: "object" } }] });
      if (method !== "tools/call") {
        response.writeHead(200, { "content-type": "application/json" });
        return response.end(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } }));
      }
      seen.push({ session: String(request.headers["mcp-session-id"]), headers: request.headers });
      return send({ content: [{ type: "text", text: "seen" }] });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, seen };
}

test("[GTW-08] a caller's headers are sent on, and no caller shares another's session", async () => {
  const { url, seen } = await mirror();
  const raw = {
    type: "http",
    url,
    headers: { Authorization: "Bearer of-the-entry" },
    client_header_forwarding: {
      enabled: true,
      whitelist: ["X-User-*", "X-Token"],
      blacklist: ["x-user-secret"],
      rename: { "x-token": "authorization" },
    },
  };
  const { post } = await start({ servers: [entry("m", raw)] });
  const call = (headers: Record<string, string>) => post("/m/show", {}, headers);
  await call({ "x-user-id": "ada", "x-user-secret": "no", "x-other": "no", "x-token": "Bearer ada" });
  await call({ "x-user-id": "bob" });
  await call({ "x-user-id": "ada", "x-token": "Bearer ada" });
  await call({});
  const shown = seen.map(({ headers }) => [headers["x-user-id"], headers["authorization"]]);
  expect(shown).toEqual([
    ["ada", "Bearer ada"],
    ["bob", "Bearer of-the-entry"],
    ["ada", "Bearer ada"],
    [undefined, "Bearer of-the-entry"],
  ]);
  expect(
    seen.flatMap(({ headers }) => Object.keys(headers)).filter((name) => /secret|other/.test(name)),
  ).toEqual([]);
  const [ada, bob, again, shared] = seen.map(({ session }) => session);
  expect(again).toBe(ada);
  expect(new Set([ada, bob, shared]).size).toBe(3);
});

test("[GTW-08] a key of the gateway never travels on", async () => {
  const { url, seen } = await mirror();
  const raw = { type: "http", url, client_header_forwarding: { enabled: true } };
  const keys = [{ name: "k", key: "of-the-gateway", servers: [], tools: [] }];
  const { post } = await start({ servers: [entry("m", raw)], keys });
  await post(
    "/m/show",
    {},
    { authorization: "Bearer of-the-gateway", "x-a": "1", cookie: "c=1", host: "127.0.0.1" },
  );
  expect(seen[0]?.headers).toMatchObject({ "x-a": "1" });
  expect(JSON.stringify(seen)).not.toMatch(/of-the-gateway|c=1/);
  const open = await start({ servers: [entry("m", raw)] });
  await open.post("/m/show", {}, { authorization: "Bearer of-the-caller" });
  expect(seen[1]?.headers["authorization"]).toBe("Bearer of-the-caller");
});
