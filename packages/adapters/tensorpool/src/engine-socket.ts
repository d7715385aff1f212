import { WebSocket } from "ws";

/** Largest frame taken, in bytes. */
export const maxFrameBytes = 2 ** 20;

/** Options of {@link openEngineSocket}. */
export interface EngineSocketOptions {
  readonly engine: string;
  readonly key: string;
  /** Path and query, beginning with a slash. */
  readonly path: string;
  readonly signal: AbortSignal;
}

/** How a socket ended. `unreachable` never opened. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
  readonly unreachable?: boolean | undefined;
}

/** A socket to the engine, the key already sent. */
export interface EngineSocket {
  send(frame: object): void;
  /** Frames are queued from the start; call it once. */
  onFrame(take: (frame: string) => void): void;
  close(code?: number): void;
  readonly ended: Promise<SocketEnd>;
}

const handshakeMs = 15_000;

/** Opens a WebSocket of the engine and sends the key as its first frame. The signal ends it. */
export function openEngineSocket(options: EngineSocketOptions): EngineSocket {
  const { engine, key, path, signal } = options;
  const address = engine.replace(/^http/, "ws") + path;
  const socket = new WebSocket(address, { handshakeTimeout: handshakeMs, maxPayload: maxFrameBytes });
  const early: string[] = [];
  let take = (frame: string): void => void early.push(frame);
  let opened = false;
  const waiting: string[] = [JSON.stringify({ TENSORPOOL_KEY: key })];
  socket.on("open", () => {
    opened = true;
    for (const frame of waiting.splice(0)) socket.send(frame);
  });
  socket.on("message", (data) => take(textOf(data)));
  // What went wrong is told by the close that follows.
  socket.on("error", () => {});
  const stop = (): void => socket.terminate();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const ended = new Promise<SocketEnd>((resolve) => {
    socket.once("close", (code, reason) => {
      signal.removeEventListener("abort", stop);
      resolve({ code, reason: reason.toString("utf8"), ...(opened ? {} : { unreachable: true }) });
    });
  });
  return {
    send(frame) {
      const text = JSON.stringify(frame);
      if (opened) socket.send(text);
      else waiting.push(text);
    },
    onFrame(given) {
      take = given;
      for (const frame of early.splice(0)) given(frame);
    },
    close: (code = 1000) => socket.close(code),
    ended,
  };
}

/** Text of a frame, whichever form the socket gives it in. */
export function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString("utf8");
}
