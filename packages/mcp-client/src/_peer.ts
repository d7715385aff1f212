import { ParleyError } from "@parley/core";
import type { Dispatcher } from "undici";
import { createDispatcher } from "./dispatcher.ts";
import type { McpClientOptions } from "./options.ts";

/** The other side of a client: where it is and how to speak to it. */
export interface Peer {
  readonly url: URL;
  /** For messages. */
  readonly host: string;
  readonly dispatcher: Dispatcher;
  readonly maxBytes: number;
  readonly identity: { readonly name: string; readonly version: string };
  /** The caller's headers and the bearer token of this moment. */
  headers(): Record<string, string>;
  /** Peer-written text made fit for a message: one line, bounded, without our token. */
  quote(text: string): string;
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

function bearer(token: McpClientOptions["token"]): string | undefined {
  const value = typeof token === "function" ? token() : token;
  if (value === undefined || value === "") return undefined;
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    "The bearer token holds a space, a line end or a non-ASCII character.",
  );
}

/** Reads the options that say where the peer is and how to reach it. */
export function createPeer(options: McpClientOptions): Peer {
  const url = readUrl(options.url);
  const own = options.dispatcher === undefined ? createDispatcher(options.ca) : undefined;
  let lastToken: string | undefined;
  const fixed: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) fixed[name.toLowerCase()] = value;

  return {
    url,
    host: url.host,
    dispatcher: options.dispatcher ?? own ?? createDispatcher(undefined),
    maxBytes: options.maxBytes ?? 16 * 2 ** 20,
    identity: { name: options.name ?? "parley", version: options.version ?? "0.0.0" },
    headers() {
      lastToken = bearer(options.token);
      return lastToken === undefined ? { ...fixed } : { ...fixed, authorization: `Bearer ${lastToken}` };
    },
    quote(text) {
      const secrets = [lastToken, ...Object.values(fixed)].filter(
        (secret) => secret !== undefined && secret.length > 7,
      );
      let clean = text.slice(0, 4000);
      for (const secret of secrets) if (secret !== undefined) clean = clean.replaceAll(secret, "***");
      return clean
        .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
        .trim()
        .slice(0, 300);
    },
    async disconnect() {
      await own?.destroy();
    },
  };
}
