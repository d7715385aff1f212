import { connect } from "node:net";
import type { Socket } from "node:net";

/** One request as it goes over the wire; `%ID%` in the body stands for a number of seven digits. */
export interface HttpRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A connection that sends one request after the other: a client of a benchmark must cost next to nothing. */
export interface HttpCaller {
  call(request: HttpRequest, id: string): Promise<HttpReply>;
  close(): void;
}

const patienceMs = 20_000;

interface Waiting {
  resolve(reply: HttpReply): void;
  reject(error: Error): void;
}

export async function openHttpCaller(origin: URL): Promise<HttpCaller> {
  const socket = await open(origin);
  let text = "";
  let waiting: Waiting | undefined;
  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    const reply = readReply(text);
    if (reply === undefined) return;
    text = "";
    const { resolve } = waiting ?? {};
    waiting = undefined;
    resolve?.(reply);
  });
  socket.setTimeout(patienceMs, () => fail(new Error(`${origin.host} did not answer in time`)));
  socket.on("close", () => fail(new Error(`${origin.host} closed the connection`)));
  socket.on("error", fail);
  return {
    call: (request, id) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(render(request, { origin, id }), "latin1");
      }),
    close: () => void socket.destroy(),
  };
}

async function open(origin: URL): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(Number(origin.port), origin.hostname, () => resolve(socket));
    socket.setNoDelay(true);
    socket.once("error", reject);
  });
}

const heads = new WeakMap<HttpRequest, string>();

function render(request: HttpRequest, { origin, id }: { origin: URL; id: string }): string {
  const body = request.body.replaceAll("%ID%", id);
  let head = heads.get(request);
  if (head === undefined) {
    const fields = Object.entries({ host: origin.host, ...request.headers });
    head = `POST ${request.path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}`;
    heads.set(request, head);
  }
  return `${head}content-length: ${body.length}\r\n\r\n${body}`;
}

/** A whole reply, or nothing while more of it is to come. */
function readReply(text: string): HttpReply | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const status = Number(head.slice(9, 12));
  const body = text.slice(end + 4);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return body.length >= Number(length) ? { status, head, body } : undefined;
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    return body.endsWith("0\r\n\r\n") ? { status, head, body } : undefined;
  }
  return { status, head, body };
}
