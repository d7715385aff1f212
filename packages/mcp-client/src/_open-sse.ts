import { ParleyError } from "@parley/core";
import { fetch as undiciFetch } from "undici";
import type { RequestInit as UndiciRequestInit } from "undici";
import type { Deadline } from "./_deadline.ts";
import { createDuplex } from "./_duplex.ts";
import { openLegacyDuplex } from "./_duplex-links.ts";
import { protocolError, statusError, unreachable } from "./_errors.ts";
import { maxChallenges, wantsToken } from "./_http.ts";
import type { HttpPeer } from "./_http-peer.ts";
import type { Inbound, Link } from "./_link.ts";
import { isObject } from "./_messages.ts";

/** What the SDK calls for each HTTP exchange. */
type SseFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Cuts a stream off where one event is larger than a message may be. */
function limitEvents(peer: HttpPeer, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const end = Math.max(chunk.lastIndexOf(10), -1);
        bytes = end === -1 ? bytes + chunk.byteLength : chunk.byteLength - end;
        if (bytes > peer.maxBytes)
          controller.error(protocolError(peer, `answered with more than ${peer.maxBytes} bytes`));
        else controller.enqueue(chunk);
      },
    }),
  );
}

interface SseFetchOptions {
  readonly peer: HttpPeer;
  /** The handshake's deadline, and no longer once that is over. */
  readonly during: () => Pick<Deadline, "signal" | "aside">;
  /** Hears a fault before the SDK wraps it. */
  readonly onFault: (error: Error) => void;
}

/** The fetch under the SDK's transport: our connections, our headers and tokens, no redirects. */
function createFetch({ peer, during, onFault }: SseFetchOptions): SseFetch {
  const once = async (url: string | URL, init: RequestInit, token: string | undefined): Promise<Response> => {
    const headers = new Headers(peer.headers(token));
    new Headers(init.headers).forEach((value, name) => headers.set(name, value));
    const sent = Object.fromEntries(headers);
    const request = { ...init, headers: sent, redirect: "manual", dispatcher: peer.dispatcher };
    // The SDK and undici type fetch by the DOM's and by undici's own declarations; the values are the same.
    return await undiciFetch(url, request as UndiciRequestInit);
  };

  const authorized = async (url: string | URL, init: RequestInit): Promise<Response> => {
    const { auth } = peer;
    const { signal, aside } = during();
    for (let attempt = 0; ; attempt += 1) {
      const token = auth && (await aside(auth.token(signal)));
      const response = await once(url, init, token);
      const { status } = response;
      const wwwAuthenticate = response.headers.get("www-authenticate") ?? undefined;
      if (!auth || attempt >= maxChallenges || !wantsToken(status, wwwAuthenticate)) return response;
      await response.body?.cancel();
      if (!(await aside(auth.challenge({ status, wwwAuthenticate, token, attempt, signal }))))
        return response;
    }
  };

  const checked = async (url: string | URL, init: RequestInit): Promise<Response> => {
    const response = await authorized(url, init).catch((error: unknown) => {
      throw unreachable(peer, error);
    });
    const refusal = statusError(peer, response.status, response.headers.get("location") ?? "");
    if (refusal) {
      await response.body?.cancel().catch(() => {});
      throw refusal;
    }
    if (!response.body || init.method === "POST") return response;
    const { status, statusText, headers } = response;
    return new Response(limitEvents(peer, response.body), { status, statusText, headers });
  };

  return (url, init = {}) =>
    checked(url, init).catch((error: Error) => {
      onFault(error);
      throw error;
    });
}

function translate(peer: HttpPeer, error: unknown): Error {
  if (ParleyError.isInstance(error)) return error;
  const fields = isObject(error) ? error : {};
  const { status, cause, code } = fields;
  if (ParleyError.isInstance(cause)) return cause;
  const http = typeof status === "number" ? status : typeof code === "number" ? code : undefined;
  if (http !== undefined)
    return protocolError(peer, `opened no event stream (HTTP ${http})`, { status: http });
  return unreachable(peer, error);
}

/** A session over the deprecated HTTP+SSE transport of 2024-11-05; the SDK's transport carries it. */
export async function openSse(peer: HttpPeer, deadline: Deadline, inbound: Inbound): Promise<Link> {
  const { SSEClientTransport } = await import("@modelcontextprotocol/client");
  let opened: Link | undefined;
  let fault: Error | undefined;
  const ended = new AbortController();
  const later = { signal: ended.signal, aside: <Result>(work: Promise<Result>) => work };
  const during = (): typeof later => (opened ? later : deadline);
  const transport = new SSEClientTransport(peer.url, {
    fetch: createFetch({ peer, during, onFault: (error) => (fault = error) }),
  });
  const duplex = createDuplex({
    peer,
    inbound,
    // Our messages are JSON-RPC by make; the SDK's type spells their forms out.
    send: (message) =>
      transport.send(message as Parameters<typeof transport.send>[0]).catch((error: unknown) => {
        throw fault ?? translate(peer, error);
      }),
  });
  const close = async (): Promise<void> => {
    opened = undefined;
    ended.abort();
    duplex.fail(new ParleyError("E_INTERRUPTED", `The connection to ${peer.host} was closed.`));
    await transport.close();
  };
  const fail = (error: Error): void => {
    const reason = fault ?? translate(peer, error);
    duplex.fail(reason);
    if (opened) inbound.lost(opened, reason);
    opened = undefined;
    void transport.close();
  };
  // The SDK knows no other way to listen.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  transport.onmessage = (message) => duplex.receive({ ...message });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  transport.onerror = (error) => {
    // The SDK's event source opens itself again without a session to go on with; a new one is better.
    if (opened) fail(error);
  };
  try {
    await deadline.within(
      transport.start().catch((error: unknown) => {
        throw fault ?? translate(peer, error);
      }),
    );
    return (opened = await openLegacyDuplex({ peer, duplex, inbound, deadline, close }));
  } catch (error) {
    await close();
    throw deadline.reason() ?? error;
  }
}
