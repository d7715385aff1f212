import type { Deadline } from "./_deadline.ts";
import { protocolError } from "./_errors.ts";
import { RpcFault } from "./_link.ts";
import type { Inbound, McpRequest } from "./_link.ts";
import { isObject, paramsOf } from "./_messages.ts";
import type { Peer } from "./_peer.ts";
import type { JsonObject } from "./json.ts";

/** Revisions with a handshake, the newest first. */
const legacyVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"] as const;

/** Something that carries requests and notifications to a legacy peer. */
export interface Wire {
  request(request: McpRequest): Promise<JsonObject>;
  notify(method: string, params: JsonObject): Promise<void>;
}

interface HandshakeOptions {
  readonly peer: Peer;
  readonly wire: Wire;
  readonly inbound: Inbound;
  readonly deadline: Deadline;
  /** Hears the revision before the handshake is confirmed. */
  readonly onVersion?: ((version: string) => void) | undefined;
}

/** Shakes hands with a peer of an older revision; gives what it said in the form of a discovery. */
export async function shakeHands(options: HandshakeOptions): Promise<JsonObject> {
  const { peer, wire, inbound, deadline } = options;
  const result = await wire.request({
    method: "initialize",
    params: {
      protocolVersion: legacyVersions[0],
      capabilities: inbound.capabilities(),
      clientInfo: peer.identity,
    },
    what: "initialize",
    deadline,
    call: {},
  });
  const version = result["protocolVersion"];
  if (!legacyVersions.some((known) => known === version)) {
    const said = typeof version === "string" ? peer.quote(version) : "none";
    throw protocolError(peer, `answered initialize with revision ${said} of MCP, which is not one we speak`);
  }
  options.onVersion?.(String(version));
  await wire.notify("notifications/initialized", {});
  return {
    supportedVersions: [version],
    capabilities: isObject(result["capabilities"]) ? result["capabilities"] : {},
    serverInfo: isObject(result["serverInfo"]) ? result["serverInfo"] : {},
    instructions: result["instructions"],
  };
}

interface AnswerOptions {
  readonly inbound: Inbound;
  readonly signal: AbortSignal;
  /** The call the request came with, where that is known. */
  readonly during?: McpRequest | undefined;
  /** Whether `during` is merely the only call there is. */
  readonly isGuess?: boolean | undefined;
}

/** The response to a request of a legacy peer; never rejects. */
export async function respond(message: JsonObject, options: AnswerOptions): Promise<JsonObject> {
  const { id, method } = message;
  const { inbound, signal, during, isGuess } = options;
  const head = { jsonrpc: "2.0", id };
  if (method === "ping") return { ...head, result: {} };
  const asked = { method: String(method), params: paramsOf(message) };
  const work = inbound.answer(asked, { signal, during, isGuess });
  try {
    return { ...head, result: await (during ? during.deadline.aside(work) : work) };
  } catch (error) {
    if (error instanceof RpcFault) return { ...head, error: { code: error.code, message: error.message } };
    return { ...head, error: { code: -32_603, message: "The client could not answer this." } };
  }
}
