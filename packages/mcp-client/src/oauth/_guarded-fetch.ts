import { BlockList, isIP } from "node:net";
import { ParleyError } from "@parley/core";
import { fetch as undiciFetch } from "undici";
import type { Dispatcher, RequestInit as UndiciRequestInit } from "undici";

/** The form of fetch the SDK's authorization helpers take. */
export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

interface GuardOptions {
  /** The MCP server, whose user chose it: its own origin may be asked. */
  readonly server: URL;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  /** Default 15,000, for each request. */
  readonly timeoutMs?: number | undefined;
}

const maxBytes = 2 ** 20;
const maxRedirects = 3;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Addresses no authorization server of the outside lives at; link-local is where clouds keep credentials. */
const internal = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  internal.addSubnet(net, bits, "ipv4");
for (const [net, bits] of [
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  internal.addSubnet(net, bits, "ipv6");
internal.addAddress("::", "ipv6");

function has(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 6 ? "ipv6" : "ipv4");
}

const bare = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");

/** Whether a url leads to this very machine by name. */
function isLoopback(url: URL): boolean {
  const host = bare(url);
  return host === "localhost" || host.endsWith(".localhost") || has(loopback, host);
}

/** Whether a url that a server named may be asked: https, or http on this machine when the server is here as well. */
function mayAsk(url: URL, server: URL): boolean {
  if (url.username !== "" || url.password !== "") return false;
  if (url.origin === server.origin) return true;
  if (isLoopback(url)) return isLoopback(server) && (url.protocol === "http:" || url.protocol === "https:");
  return url.protocol === "https:" && !has(internal, bare(url));
}

function refused(url: URL, why: string): ParleyError {
  return new ParleyError(
    "E_OAUTH_FAILED",
    `${url.host || "An address"} may not be asked for authorization: ${why}.`,
  );
}

async function readBounded(url: URL, response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    bytes += piece.value.byteLength;
    if (bytes > maxBytes) {
      await reader?.cancel();
      throw refused(url, `it answered with more than ${maxBytes} bytes`);
    }
    chunks.push(piece.value);
  }
  return Buffer.concat(chunks);
}

/** Fetches of an authorization: bounded in time and size, to permitted addresses, without redirects elsewhere. */
export function createGuardedFetch({
  server,
  dispatcher,
  signal,
  timeoutMs = 15_000,
}: GuardOptions): GuardedFetch {
  const once = async (url: URL, init: RequestInit): Promise<Response> => {
    if (!mayAsk(url, server))
      throw refused(url, "only https, or http on this machine for a server on it, is");
    const limit = AbortSignal.any([
      signal,
      AbortSignal.timeout(timeoutMs),
      ...(init.signal ? [init.signal] : []),
    ]);
    const request = { ...init, redirect: "manual", signal: limit, dispatcher };
    // The SDK and undici type fetch by the DOM's and by undici's own declarations; the values are the same.
    const response = (await undiciFetch(url, request as UndiciRequestInit)) as unknown as Response;
    const { status, statusText, headers } = response;
    const body = await readBounded(url, response);
    const bodiless = status === 204 || status === 205 || status === 304;
    return new Response(bodiless ? null : new Uint8Array(body), { status, statusText, headers });
  };

  return async (target, init = {}) => {
    let url = new URL(target);
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const response = await once(url, init);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) return response;
      const next = new URL(location, url);
      const plain = (init.method ?? "GET") === "GET" && !new Headers(init.headers).has("authorization");
      if (!plain || next.origin !== url.origin) throw refused(url, "it redirects elsewhere");
      url = next;
    }
    throw refused(url, "it redirects without end");
  };
}
