import { protocolError, rpcError } from "./_errors.ts";
import { respond } from "./_handshake.ts";
import type { Wire } from "./_handshake.ts";
import type { Inbound, McpRequest } from "./_link.ts";
import { errorOf, isObject, paramsOf, progressOf } from "./_messages.ts";
import { subscriptionKey } from "./_modern.ts";
import type { Peer } from "./_peer.ts";
import type { JsonObject } from "./json.ts";

/** JSON-RPC over one stream of messages in each direction. */
export interface Duplex extends Wire {
  /** Sends a request whose `_meta` depends on its id. */
  requestWith(request: McpRequest, meta: (id: number) => JsonObject): Promise<JsonObject>;
  /** Takes a message of the peer. */
  receive(message: JsonObject): void;
  /** Ends every running request: the stream is gone. */
  fail(reason: Error): void;
}

interface Pending {
  readonly request: McpRequest;
  resolve(result: JsonObject): void;
  reject(error: Error): void;
}

interface DuplexOptions {
  readonly peer: Peer;
  readonly inbound: Inbound;
  /** Rejects when the message could not be handed over. */
  readonly send: (message: JsonObject) => Promise<void>;
}

/** Requests of ours are told from one another by id; messages the peer begins go to `inbound`. */
export function createDuplex({ peer, inbound, send }: DuplexOptions): Duplex {
  const pending = new Map<number, Pending>();
  const answering = new Map<unknown, AbortController>();
  const gone = new AbortController();
  let lastId = 0;

  const tell = async (method: string, params: JsonObject): Promise<void> =>
    await send({ jsonrpc: "2.0", method, params });

  /** The call a message comes with: one stream for all tells only when there is one, subscriptions apart. */
  const soleCall = (): McpRequest | undefined => {
    let sole: McpRequest | undefined;
    for (const { request } of pending.values()) {
      if (request.method === "subscriptions/listen") continue;
      if (sole) return undefined;
      sole = request;
    }
    return sole;
  };

  /** Who hears a notification: its subscription, or the only call. */
  const hearerOf = (params: JsonObject): { during: McpRequest | undefined; isGuess: boolean } => {
    const meta = params["_meta"];
    const subscription = isObject(meta) ? meta[subscriptionKey] : undefined;
    const listening = pending.get(Number(subscription))?.request;
    if (subscription !== undefined) return { during: listening, isGuess: false };
    const during = soleCall();
    return { during, isGuess: during !== undefined };
  };

  const settle = (message: JsonObject): void => {
    const id = Number(message["id"]);
    const waiting = pending.get(id);
    if (!waiting) return;
    pending.delete(id);
    const error = errorOf(message);
    if (error) return waiting.reject(rpcError(peer, waiting.request.what, error));
    const result = message["result"];
    if (isObject(result)) return waiting.resolve(result);
    waiting.reject(protocolError(peer, `answered ${waiting.request.what} with a result that is no object`));
  };

  const hear = (method: string, message: JsonObject): void => {
    const params = paramsOf(message);
    if (method === "notifications/cancelled") return answering.get(params["requestId"])?.abort();
    const progress = progressOf(message);
    if (!progress) {
      const { during, isGuess } = hearerOf(params);
      return inbound.notify({ method, params, ...(isGuess ? { isGuess } : {}) }, during);
    }
    const { token, ...report } = progress;
    const running = typeof token === "number" ? pending.get(token)?.request : undefined;
    if (!running?.call.onProgress) return;
    running.deadline.extend();
    running.call.onProgress(report);
  };

  const answer = async (message: JsonObject): Promise<void> => {
    const stop = new AbortController();
    answering.set(message["id"], stop);
    const during = soleCall();
    const signals = [stop.signal, gone.signal, ...(during ? [during.deadline.signal] : [])];
    const response = await respond(message, {
      inbound,
      signal: AbortSignal.any(signals),
      during,
      isGuess: true,
    });
    answering.delete(message["id"]);
    if (!stop.signal.aborted && !gone.signal.aborted) await send(response).catch(() => {});
  };

  const requestWith: Duplex["requestWith"] = async (request, meta) => {
    const { method, params, deadline } = request;
    const id = (lastId += 1);
    const _meta = meta(id);
    const full = Object.keys(_meta).length > 0 ? { ...params, _meta } : params;
    const result = new Promise<JsonObject>((resolve, reject) =>
      pending.set(id, { request, resolve, reject }),
    );
    // The answer may come, or the stream end, while the message is still being handed over.
    result.catch(() => {});
    try {
      await send({ jsonrpc: "2.0", id, method, params: full });
      return await deadline.within(result);
    } catch (error) {
      const ended = deadline.reason();
      if (pending.has(id) && ended && method !== "initialize" && !gone.signal.aborted) {
        tell("notifications/cancelled", { requestId: id, reason: ended.message }).catch(() => {});
      }
      throw ended ?? error;
    } finally {
      pending.delete(id);
    }
  };

  return {
    requestWith,
    request: (request) =>
      requestWith(request, (id) => ({
        ...request.call.meta,
        ...(request.call.onProgress ? { progressToken: id } : {}),
      })),
    notify: tell,
    receive(message) {
      const { method, id } = message;
      if (typeof method !== "string") settle(message);
      else if (id === undefined) hear(method, message);
      else void answer(message);
    },
    fail(reason) {
      gone.abort(reason);
      for (const waiting of pending.values()) waiting.reject(reason);
      pending.clear();
    },
  };
}
