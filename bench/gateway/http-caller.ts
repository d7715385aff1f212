import { connect } from "node:net";
import type { Socket } from "node:net";

/** One request as it goes over the wire; `%ID%` in the body stands for a number of seven digits. */
export interface HttpRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface HttpReply {
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

/** A server may close a connection that was idle, even as a request is on its way: it is then sent over another. */
export async function openHttpCaller(origin: URL): Promise<HttpCaller> {
  const held: { socket: Socket | undefined } = { socket: undefined };
  const connectAgain = async (): Promise<Socket> => {
    const socket = await open(origin);
    held.socket = socket;
    return socket;
  };
  const send = async (request: HttpRequest, id: string, isLast: boolean): Promise<HttpReply> => {
    const known = held.socket;
    const socket = known === undefined || known.destroyed ? await connectAgain() : known;
    const reply = await exchange(socket, render(request, { origin, id }));
    if (reply !== undefined) return reply;
    held.socket = undefined;
    if (isLast || known === undefined) throw new Error(`${origin.host} closed the connection`);
    return await send(request, id, true);
  };
  await connectAgain();
  return {
    call: (request, id) => send(request, id, false),
    close: () => void held.socket?.destroy(),
  };
}

/** The reply to what is sent; nothing when the connection ends before one. */
function exchange(socket: Socket, text: string): Promise<HttpReply | undefined> {
  return new Promise((resolve, reject) => {
    let came = "";
    const hear = (chunk: Buffer): void => {
      came += chunk.toString("latin1");
      const reply = readReply(came);
      if (reply !== undefined) settle(() => resolve(reply));
    };
    const end = (): void => settle(() => resolve(undefined));
    const late = (): void =>
      settle(() => reject(new Error(`no answer in ${patienceMs} ms: ${text.slice(0, 80)}`)));
    const settle = (then: () => void): void => {
      socket.off("data", hear).off("close", end).off("timeout", late);
      then();
    };
    socket.on("data", hear).on("close", end).on("timeout", late);
    socket.write(text, "latin1");
  });
}

async function open(origin: URL): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(Number(origin.port), origin.hostname, () => resolve(socket));
    socket.setNoDelay(true);
    socket.setTimeout(patienceMs);
    // Once it is open, its end tells the same.
    socket.on("error", reject);
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
