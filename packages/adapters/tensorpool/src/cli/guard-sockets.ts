import type { Server } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { messageOf } from "../engine-fault.ts";
import { parseObject } from "../engine-request.ts";
import {
  type EngineSocket,
  type SocketEnd,
  maxFrameBytes,
  openEngineSocket,
  textOf,
} from "../engine-socket.ts";
import { refusalFrame, shellLineOf } from "../shell-lines.ts";
import { type GuardOptions, type GuardRecord, isToken } from "./guard-record.ts";

const firstFrameMs = 15_000;
/** "Policy violation" of RFC 6455: the client broke off on purpose. */
const policyCode = 1008;

/** Relays the WebSockets of a guard's server. */
export function attachSockets(server: Server, options: GuardOptions, record: GuardRecord): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });
  server.on("upgrade", (request, stream, head) => {
    sockets.handleUpgrade(request, stream, head, (client) => {
      serve({ client, options, record, path: request.url ?? "/" });
    });
  });
  return {
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

interface Relay {
  readonly client: WebSocket;
  readonly options: GuardOptions;
  readonly record: GuardRecord;
  readonly path: string;
}

/** Waits for the first frame, which must hold the token, and then connects to the engine. */
function serve(relay: Relay): void {
  const { client, options } = relay;
  let engine: EngineSocket | undefined;
  const late = setTimeout(() => client.close(policyCode), firstFrameMs);
  client.on("error", () => client.terminate());
  client.on("close", () => {
    clearTimeout(late);
    engine?.close();
  });
  client.on("message", (data) => {
    const frame = parseObject(textOf(data));
    if (frame === undefined) return client.close(policyCode);
    if (engine !== undefined) return engine.send(frame);
    clearTimeout(late);
    if (!isToken(frame["TENSORPOOL_KEY"], options.token)) return client.close(policyCode);
    engine = connect(relay);
  });
}

function connect(relay: Relay): EngineSocket {
  const { client, options, record, path } = relay;
  const engine = openEngineSocket({ ...options, path });
  engine.onFrame((text) => {
    const frame = parseObject(text);
    if (frame === undefined) return;
    keep(frame, options, record);
    const line = shellLineOf(frame);
    if (line === undefined || options.allowCommands) return send(client, frame);
    record.refused.push(line);
    engine.send(refusalFrame(line));
    engine.close();
    client.close(policyCode, "refused to run a command");
  });
  void engine.ended.then((end) => finish(relay, end));
  return engine;
}

function keep(frame: Record<string, unknown>, options: GuardOptions, record: GuardRecord): void {
  record.data = { ...record.data, ...frame };
  const { status } = frame;
  if (status === "success" || status === "error") record.status = status;
  const message = messageOf(frame);
  if (message !== undefined) options.onMessage(message);
}

function send(client: WebSocket, frame: object): void {
  if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify(frame));
}

/** Ends the program's side as the engine ended its own. */
function finish({ client, record }: Relay, { code, reason, unreachable }: SocketEnd): void {
  if (unreachable === true) {
    record.fault = { kind: "unreachable" };
    return client.close(1013, "the engine cannot be reached");
  }
  // 1005 and 1006 stand for a missing code and a lost connection; neither can be sent.
  if (code === 1006) return client.terminate();
  client.close(code === 1005 ? 1000 : code, reason.slice(0, 100));
}
