import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { ParleyError } from "@parley/core";

/** What an authorization server sends a browser back with. */
export interface Callback {
  readonly code: string;
  readonly iss: string | undefined;
}

/** A listener on this machine that a browser is sent back to. */
export interface LoopbackListener {
  readonly redirectUrl: string;
  /** The callback that carries this state; others are refused. */
  wait(state: string, signal: AbortSignal): Promise<Callback>;
  close(): Promise<void>;
}

const path = "/callback";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Reads a callback url.
 * @throws {@link ParleyError} `E_OAUTH_FAILED` when it carries another state, an error or no code.
 */
export function readCallback(query: URLSearchParams, state: string): Callback {
  const given = query.get("state") ?? "";
  if (!timingSafeEqual(digest(given), digest(state))) {
    throw new ParleyError("E_OAUTH_FAILED", "The authorization came back for another request: begin again.");
  }
  const code = query.get("code");
  const iss = query.get("iss") ?? undefined;
  if (code !== null && code !== "") return { code, iss };
  const error = /^[a-z_]{1,40}$/.exec(query.get("error") ?? "")?.[0] ?? "no code";
  throw new ParleyError("E_OAUTH_FAILED", `The authorization server did not grant access (${error}).`);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(`<!doctype html><title>Parley</title><p>${text}</p>`);
}

interface Waiting {
  readonly state: string;
  readonly resolve: (callback: Callback) => void;
  readonly reject: (error: unknown) => void;
}

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function listenForCallback(port: number): Promise<LoopbackListener> {
  let expect: Waiting | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.method !== "GET" || url.pathname !== path) return answer(response, 404, "Nothing is here.");
    if (!expect) return answer(response, 409, "Nobody waits for this.");
    const { state, resolve, reject } = expect;
    // A callback of another state is not ours to end the wait for: anybody on this machine can send one.
    if (!timingSafeEqual(digest(url.searchParams.get("state") ?? ""), digest(state)))
      return answer(response, 400, "This belongs to another request.");
    expect = undefined;
    try {
      resolve(readCallback(url.searchParams, state));
      answer(response, 200, "Access is granted. You can close this page.");
    } catch (error) {
      answer(response, 400, "Access was not granted.");
      reject(error);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new ParleyError(
          "E_LISTEN_FAILED",
          `Port ${port} of 127.0.0.1 cannot be bound for the authorization: choose another.`,
          { cause },
        ),
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;

  return {
    redirectUrl: `http://127.0.0.1:${bound}${path}`,
    wait: (state, signal) =>
      new Promise((resolve, reject) => {
        expect = { state, resolve, reject };
        const onAbort = (): void => reject(signal.reason);
        if (signal.aborted) onAbort();
        signal.addEventListener("abort", onAbort, { once: true });
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
