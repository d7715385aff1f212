import { ParleyError } from "@parley/core";
import type { Peer } from "./_peer.ts";

/** Code and message a peer answered a request with. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

const selfSigned = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there: is it started, and is the port right",
  ENOTFOUND: "no such host name",
  EAI_AGAIN: "the name server does not answer",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no network to it",
  ETIMEDOUT: "it did not accept the connection in time",
  UND_ERR_CONNECT_TIMEOUT: "it did not accept the connection in time",
  ECONNRESET: "the connection broke before the answer was complete",
  EPIPE: "the connection broke before the answer was complete",
  UND_ERR_SOCKET: "the connection broke before the answer was complete",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the connection broke before the answer was complete",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host name",
  EPROTO: "it does not speak TLS on that port: try http://",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS on that port: try http://",
};

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let next = error, depth = 0; next instanceof Error && depth < 5; next = next.cause, depth += 1) {
    if ("code" in next && typeof next.code === "string") codes.push(next.code);
  }
  return codes;
}

/** The error for a request that got no whole answer from the network. */
export function unreachable(peer: Peer, cause: unknown): ParleyError {
  if (ParleyError.isInstance(cause)) return cause;
  const codes = codesOf(cause);
  const details = { ...peer.where, reason: codes[0] ?? "unknown" };
  if (cause instanceof Error && cause.name === "HTTPParserError") {
    return new ParleyError("E_MCP_PROTOCOL", `${peer.host} does not speak HTTP on that port.`, {
      cause,
      details,
    });
  }
  const untrusted = codes.some((code) => selfSigned.has(code));
  const known = codes.map((code) => reasons[code]).find((reason) => reason !== undefined);
  const why = untrusted
    ? "its certificate is self-signed or of an unknown authority: pass --ca FILE or set SSL_CERT_FILE"
    : (known ?? `the connection failed (${codes[0] ?? peer.quote(String(cause))})`);
  return new ParleyError("E_MCP_UNREACHABLE", `Cannot reach ${peer.host}: ${why}.`, { cause, details });
}

/** The error for an answer outside the protocol. */
export function protocolError(peer: Peer, what: string, details: Record<string, unknown> = {}): ParleyError {
  return new ParleyError("E_MCP_PROTOCOL", `${peer.host} ${what.replace(/\.+$/, "")}.`, {
    details: { ...peer.where, ...details },
  });
}

/** The error for a JSON-RPC error object. */
export function rpcError(peer: Peer, what: string, { code, message, data }: RpcError): ParleyError {
  const text = peer.quote(message);
  const rpcData = data === undefined ? undefined : peer.clean(data);
  return protocolError(peer, `answered ${what} with error ${code}: ${text}`, {
    rpcCode: code,
    rpcMessage: text,
    ...(rpcData === undefined ? {} : { rpcData }),
  });
}

/** The error for an HTTP status that says all there is to say; `undefined` for other statuses. */
export function statusError(peer: Peer, status: number, location = ""): ParleyError | undefined {
  const details = { ...peer.where, status };
  if (status === 401) {
    const message = `${peer.host} wants a bearer token, or another one (HTTP 401): pass --token or set its variable.`;
    return new ParleyError("E_AUTH_REQUIRED", message, { details });
  }
  if (status === 403) {
    const message = `${peer.host} refuses this (HTTP 403): the token lacks the scope, or the host name is not allowed.`;
    return new ParleyError("E_AUTH_FORBIDDEN", message, { details });
  }
  if (status >= 300 && status < 400) {
    const target = peer.quote(location || "nowhere").slice(0, 200);
    return protocolError(
      peer,
      `redirects to ${target}, which is not followed: use that url if you trust it`,
      { status },
    );
  }
  if ([429, 502, 503, 504].includes(status)) {
    const message = `${peer.host} is not available now (HTTP ${status}): try again later.`;
    return new ParleyError("E_MCP_UNREACHABLE", message, { details });
  }
  return undefined;
}
