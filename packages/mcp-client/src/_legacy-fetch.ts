import { AsyncLocalStorage } from "node:async_hooks";
import { fetch as undiciFetch } from "undici";
import type { RequestInit as UndiciRequestInit } from "undici";
import { protocolError, statusError, unreachable } from "./_errors.ts";
import type { Peer } from "./_peer.ts";

/** What the SDK calls for each HTTP exchange. */
export type LegacyFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** The call an HTTP exchange belongs to. */
export interface LegacyCall {
  readonly signal: AbortSignal;
  /** Ends the call with the fault of its answer's body. */
  fail(error: Error): void;
}

/** Ties the SDK's exchanges to the calls that caused them. */
export const legacyCalls = new AsyncLocalStorage<LegacyCall>();

function watchBody(
  peer: Peer,
  body: ReadableStream<Uint8Array>,
  call: LegacyCall | undefined,
): ReadableStream {
  const reader = body.getReader();
  let bytes = 0;
  const end = (controller: ReadableStreamDefaultController, error: Error): void => {
    call?.fail(error);
    controller.error(error);
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        bytes += value.byteLength;
        if (bytes <= peer.maxBytes) return controller.enqueue(value);
        await reader.cancel();
        end(controller, protocolError(peer, `answered with more than ${peer.maxBytes} bytes`));
      } catch (error) {
        end(controller, unreachable(peer, error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/**
 * The fetch under the SDK's legacy transport: our connections, our headers, bounded answers, no redirects, and no
 * standing GET stream, for nothing here listens to one.
 */
export function createLegacyFetch(peer: Peer): LegacyFetch {
  return async (url, init = {}) => {
    if (init.method === "GET") return new Response(null, { status: 405 });
    const call = legacyCalls.getStore();
    const headers = new Headers(peer.headers());
    new Headers(init.headers).forEach((value, name) => headers.set(name, value));
    const signals = [init.signal, call?.signal].filter((signal) => signal instanceof AbortSignal);
    const request = {
      ...init,
      headers: Object.fromEntries(headers),
      redirect: "manual",
      signal: AbortSignal.any(signals),
      dispatcher: peer.dispatcher,
    };
    // The SDK and undici type fetch by the DOM's and by undici's own declarations; the values are the same.
    const response = (await undiciFetch(url, request as UndiciRequestInit).catch((error: unknown) => {
      throw unreachable(peer, error);
    })) as unknown as Response;
    const refusal = statusError(peer, response.status, response.headers.get("location") ?? "");
    if (refusal && init.method !== "DELETE") {
      await response.body?.cancel();
      throw refusal;
    }
    if (!response.body) return response;
    const { status, statusText } = response;
    return new Response(watchBody(peer, response.body, call), {
      status,
      statusText,
      headers: response.headers,
    });
  };
}
