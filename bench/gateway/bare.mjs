// The least that can stand between a client and a server: node:http alone, without keys, limits, audit or metrics. What it
// costs, no gateway on Node.js can do without. `node bare.mjs URL` goes on over HTTP, without an address to a program. With
// --awake it does not sleep for a millisecond after it has sent something.
import { spawn } from "node:child_process";
import { Agent, createServer, request } from "node:http";
import { fileURLToPath } from "node:url";

const words = process.argv.slice(2);
const isAwake = words.includes("--awake");
const url = words.find((word) => !word.startsWith("--"));
const ask = url === undefined ? overStdio() : overHttp(new URL(url));

const server = createServer((incoming, response) => {
  let body = "";
  incoming.setEncoding("utf8");
  incoming.on("data", (chunk) => (body += chunk));
  incoming.on("end", () => void reply(JSON.parse(body), response));
});

async function reply(message, response) {
  if (message.id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const answer = message.method === "initialize" ? { result: hello } : await ask(message);
  const text = JSON.stringify({ jsonrpc: "2.0", id: message.id, result: answer.result });
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
  stayAwake();
}

let awakeUntil = 0;

function stayAwake() {
  if (!isAwake) return;
  const isTurning = performance.now() < awakeUntil;
  awakeUntil = performance.now() + 1;
  if (!isTurning) setImmediate(turn);
}

function turn() {
  if (performance.now() < awakeUntil) setImmediate(turn);
}

const hello = {
  protocolVersion: "2025-06-18",
  capabilities: {},
  serverInfo: { name: "bare", version: "1.0.0" },
};
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));

/** Messages of one turn of the event loop leave in one write. */
function overStdio() {
  const echo = fileURLToPath(new URL("echo-stdio.mjs", import.meta.url));
  const child = spawn(process.execPath, [echo], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  let lastId = 0;
  let out = "";
  let came = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk) => {
    const lines = (came + chunk).split("\n");
    came = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      waiting[message.id % waitingSize](message);
    }
  });
  const waitingSize = 1024;
  return (message) =>
    new Promise((resolve) => {
      const id = (lastId += 1);
      waiting[id % waitingSize] = resolve;
      if (out === "") {
        setImmediate(() => {
          child.stdin.write(out);
          out = "";
          stayAwake();
        });
      }
      out += `${JSON.stringify({ ...message, id })}\n`;
    });
}

function overHttp({ hostname: host, port, pathname: path }) {
  const agent = new Agent({ keepAlive: true });
  return (message) =>
    new Promise((resolve) => {
      const text = JSON.stringify(message);
      const headers = {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "content-length": Buffer.byteLength(text),
      };
      const outgoing = request({ host, port, path, method: "POST", agent, headers }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (body += chunk));
        response.on("end", () => resolve(JSON.parse(body)));
      });
      outgoing.end(text);
    });
}
