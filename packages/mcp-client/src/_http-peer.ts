import { joined, ParleyError } from "@parley/core";
import type { Dispatcher } from "undici";
import type { McpAuth } from "./auth.ts";
import { describePeer } from "./_peer.ts";
import type { Peer } from "./_peer.ts";
import { createDispatcher } from "./dispatcher.ts";
import type { McpClientOptions } from "./options.ts";

/** A peer that is reached over HTTP. */
export interface HttpPeer extends Peer {
  readonly url: URL;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly dispatcher: Dispatcher;
  readonly auth: McpAuth | undefined;
  /** The caller's headers and the bearer token of this moment. */
  headers(token: string | undefined): Record<string, string>;
  /** Ends the connections unless the caller brought them. */
  disconnect(): Promise<void>;
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new ParleyError("E_ARGUMENT_INVALID", "The MCP url cannot be read: write http://HOST:PORT/mcp.");
  }
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `The MCP url has scheme ${url.protocol} instead of http or https.`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      "The MCP url holds a user or password: pass a token instead.",
    );
  }
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.hostname === "[::]") url.hostname = "[::1]";
  url.hash = "";
  return url;
}

function checkToken(value: string | undefined): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    "The bearer token holds a space, a line end or a non-ASCII character.",
  );
}

/** Path and query of an address. */
export function pathOf({ pathname, search }: URL): string {
  return `${pathname}${search}`;
}

/** Reads the options that say where the peer is and how to reach it. */
export function createHttpPeer(options: McpClientOptions): HttpPeer {
  const url = readUrl(options.url);
  const own =
    options.dispatcher === undefined
      ? createDispatcher(options.ca, undefined, options.checkAddress)
      : undefined;
  let lastToken: string | undefined;
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) fixed[name.toLowerCase()] = value;
  const secrets = (): string[] =>
    lastToken === undefined ? Object.values(fixed) : [lastToken, ...Object.values(fixed)];
  const { token } = options;

  return {
    ...describePeer(options, { host: url.host, where: { url: url.href }, secrets }),
    url,
    origin: url.origin,
    path: pathOf(url),
    dispatcher: options.dispatcher ?? own ?? createDispatcher(undefined),
    auth: options.auth,
    headers(given) {
      lastToken = checkToken(given ?? (typeof token === "function" ? token() : token));
      return joined(fixed, lastToken === undefined ? {} : { authorization: `Bearer ${lastToken}` });
    },
    async disconnect() {
      await own?.destroy();
    },
  };
}
