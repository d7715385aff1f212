import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { onTestFinished } from "vitest";

interface Seen {
  readonly session: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An MCP server of 2025 that answers with the headers of the call. */
export async function mirror(): Promise<{ readonly url: string; readonly seen: Seen[] }> {
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
