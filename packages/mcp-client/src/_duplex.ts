import { protocolError, rpcError } from "./_errors.ts";
import { respond } from "./_handshake.ts";
import type { Wire } from "./_handshake.ts";
import type { Inbound, McpRequest } from "./_link.ts";
import { errorOf, isObject, legacyMeta, paramsOf, progressOf, withMeta } from "./_messages.ts";
import { subscriptionKey } from "./_modern.ts";
import { Pending, PendingRequests } from "./_pending.ts";
import type { Peer } from "./_peer.ts";
import type { JsonObject } from "./json.ts";

/** JSON-RPC over one stream of messages in each direction. */
export interface Duplex extends Wire {
  /** Sends a request whose `_meta` depends on its id. */
  requestWith(request: McpRequest, meta: (id: number) => JsonObject | undefined): Promise<JsonObject>;
  /** Takes a message of the peer. */
  receive(message: JsonObject): void;
  /** Ends every running request: the stream is gone. */
  fail(reason: Error): void;
}

interface DuplexOptions {
  readonly peer: Peer;
  readonly inbound: Inbound;
  /**
   * Rejects when the message could not be handed over; what is not waited for returns nothing.
   * @param isAlone - whether requests come one after the other, so that nothing is gained by waiting for more
   */
  readonly send: (message: JsonObject, isAlone?: boolean) => Promise<void> | undefined;
}

/** Requests of ours are told from one another by id; messages the peer begins go to `inbound`. */
export function createDuplex({ peer, inbound, send }: DuplexOptions): Duplex {
  const pending = new PendingRequests();
  const answering = new Map<unknown, AbortController>();
  const gone = new AbortController();
  let lastId = 0;

  const tell = async (method: string, params: JsonObject): Promise<void> => {
    await send({ jsonrpc: "2.0", method, params });
  };

  /** Who hears a notification: its subscription, or the only call. */
  const hearerOf = (params: JsonObject): { during: McpRequest | undefined; isGuess: boolean } => {
    const meta = params["_meta"];
    const subscription = isObject(meta) ? meta[subscriptionKey] : undefined;
    const listening = pending.get(Number(subscription))?.request;
    if (subscription !== undefined) return { during: listening, isGuess: false };
    const during = pending.sole();
    return { during, isGuess: during !== undefined };
  };

  const settle = (message: JsonObject): void => {
    const waiting = pending.get(Number(message["id"]));
    if (!waiting) return;
    pending.remove(waiting);
    waiting.release?.();
    const error = message["error"] === undefined ? undefined : errorOf(message);
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
    const during = pending.sole();
    const signals = [stop.signal, gone.signal, ...(during ? [during.deadline.signal] : [])];
    const response = await respond(message, {
      inbound,
      signal: AbortSignal.any(signals),
      during,
      isGuess: true,
    });
    answering.delete(message["id"]);
    if (!stop.signal.aborted && !gone.signal.aborted) await send(response)?.catch(() => {});
  };

  const requestWith: Duplex["requestWith"] = (request, meta) =>
    new Promise((resolve, reject) => {
      const { method, params, deadline } = request;
      const id = (lastId += 1);
      const waiting = new Pending(id, request, { resolve, reject });
      pending.add(waiting);
      const fail = (error: unknown): void => {
        if (pending.remove(waiting)) reject(deadline.reason() ?? error);
        waiting.release?.();
      };
      let sent: Promise<void> | undefined;
      try {
        sent = send({ jsonrpc: "2.0", id, method, params: withMeta(params, meta(id)) }, pending.areInRow);
      } catch (error) {
        // Arguments that no JSON can hold.
        fail(error);
        return;
      }
      sent?.catch(fail);
      const end = (): void => {
        if (!pending.remove(waiting)) return;
        const reason = deadline.reason();
        reject(reason ?? deadline.ending.reason);
        if (reason === undefined || method === "initialize" || gone.signal.aborted) return;
        // A peer that gets messages one by one is not to hear of the end before the beginning.
        const cancel = (): Promise<void> =>
          tell("notifications/cancelled", { requestId: id, reason: reason.message });
        (sent?.then(cancel) ?? cancel()).catch(() => {});
      };
      // Also where it has come already.
      if (pending.get(id) !== undefined) waiting.release = deadline.ending.onAbort(end);
    });

  return {
    requestWith,
    request: (request) => requestWith(request, (id) => legacyMeta(request.call, id)),
    notify: tell,
    receive(message) {
      const { method, id } = message;
      if (typeof method !== "string") settle(message);
      else if (id === undefined) hear(method, message);
      else void answer(message);
    },
    fail(reason) {
      gone.abort(reason);
      for (const waiting of pending.all()) {
        pending.remove(waiting);
        waiting.release?.();
        waiting.reject(waiting.request.deadline.reason() ?? reason);
      }
    },
  };
}
