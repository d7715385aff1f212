import { ParleyError } from "@parley/core";
import { protocolError, rpcError, unreachable } from "./_errors.ts";
import { createLegacyFetch, legacyCalls } from "./_legacy-fetch.ts";
import { isObject } from "./_messages.ts";
import type { McpRequest } from "./_modern.ts";
import type { Peer } from "./_peer.ts";
import type { JsonObject } from "./options.ts";

/** A session with a peer that begins with a handshake. */
export interface LegacySession {
  request(request: McpRequest, what: string): Promise<JsonObject>;
  /** What the handshake said, in the form of a discovery. */
  describe(): JsonObject;
  /** Tells the peer, where there is a session to end. */
  close(): Promise<void>;
}

/** Takes any result as it is: a remote schema is data. */
const untouched = {
  "~standard": { version: 1, vendor: "parley", validate: (value: unknown) => ({ value }) },
} as const;

/** The longest a farewell may take. */
const farewellMs = 2000;

/** Whether the peer forgot the session: the request was not run, and a new session may send it again. */
export function isSessionLost(error: unknown): boolean {
  return ParleyError.isInstance(error) && error.details["sessionLost"] === true;
}

function translate(peer: Peer, what: string, error: unknown): ParleyError {
  if (ParleyError.isInstance(error)) return error;
  const fields: { code?: unknown; status?: unknown; message?: unknown } = isObject(error) ? error : {};
  const { code, status, message } = fields;
  if (typeof code === "number") return rpcError(peer, what, { code, message: String(message) });
  if (typeof status === "number") {
    const sessionLost = status === 404 && what !== "initialize";
    const hint = status === 404 || status === 405 ? ": is the path right (usually /mcp)" : "";
    return protocolError(peer, `answered ${what} with HTTP ${status}${hint}`, { status, sessionLost });
  }
  if (error instanceof Error && error.cause !== undefined) return unreachable(peer, error);
  return protocolError(peer, `answered ${what} outside the protocol (${peer.quote(String(error))})`);
}

async function loadSdk() {
  return await import("@modelcontextprotocol/client");
}

/** Shakes hands with a peer of an older revision. */
export async function openLegacy(peer: Peer, signal: AbortSignal): Promise<LegacySession> {
  const { Client, StreamableHTTPClientTransport } = await loadSdk();
  const client = new Client(peer.identity, { capabilities: {} });
  const transport = new StreamableHTTPClientTransport(peer.url, {
    fetch: createLegacyFetch(peer),
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1000,
      maxReconnectionDelay: 1000,
      reconnectionDelayGrowFactor: 1,
    },
  });
  const noTimeout = 2 ** 31 - 1;

  const guarded = async <Result>(
    what: string,
    outer: AbortSignal,
    work: (signal: AbortSignal) => Promise<Result>,
  ) => {
    const controller = new AbortController();
    const follow = (): void => controller.abort(outer.reason);
    if (outer.aborted) follow();
    outer.addEventListener("abort", follow, { once: true });
    const call = { signal: controller.signal, fail: (error: Error) => controller.abort(error) };
    try {
      return await legacyCalls.run(call, () => work(controller.signal));
    } catch (error) {
      throw translate(peer, what, controller.signal.aborted ? controller.signal.reason : error);
    } finally {
      outer.removeEventListener("abort", follow);
    }
  };

  try {
    await guarded("initialize", signal, (inner) =>
      client.connect(transport, { signal: inner, timeout: noTimeout }),
    );
  } catch (error) {
    await client.close();
    throw error;
  }

  return {
    async request({ method, params, deadline, onProgress }, what) {
      const onprogress = onProgress && {
        onprogress: (progress: Parameters<typeof onProgress>[0]) => {
          deadline.extend();
          onProgress(progress);
        },
      };
      const result = await guarded(what, deadline.signal, (inner) =>
        client.request({ method, params: { ...params } }, untouched, {
          signal: inner,
          timeout: noTimeout,
          ...onprogress,
        }),
      );
      if (isObject(result)) return result;
      throw protocolError(peer, `answered ${what} with a result that is no object`);
    },
    describe: () => ({
      supportedVersions: [client.getNegotiatedProtocolVersion()],
      capabilities: client.getServerCapabilities() ?? {},
      serverInfo: client.getServerVersion() ?? {},
      instructions: client.getInstructions(),
    }),
    async close() {
      const call = { signal: AbortSignal.timeout(farewellMs), fail: () => {} };
      await legacyCalls.run(call, () => transport.terminateSession()).catch(() => {});
      await client.close();
    },
  };
}
