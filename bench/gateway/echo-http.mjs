// An echo server over streamable HTTP, as fast as node:http alone can be; prints its address.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createEcho, readFlags } from "./echo-core.mjs";

const answer = createEcho(readFlags(process.argv));
const server = createServer((request, response) => {
  if (request.method !== "POST") {
    response.writeHead(405).end();
    return;
  }
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const message = JSON.parse(body);
    const reply = answer(message);
    if (reply === undefined) {
      response.writeHead(202).end();
      return;
    }
    const text = JSON.stringify(reply);
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
      ...(message.method === "initialize" ? { "mcp-session-id": randomUUID() } : {}),
    });
    response.end(text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));
