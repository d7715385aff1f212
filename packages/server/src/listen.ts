import type { AddressInfo } from "node:net";
import { ParleyError } from "@parley/core";
import type { FastifyInstance } from "fastify";

/** Where a server listens. */
export interface ListenOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
}

/** Where a server came to listen. */
export interface Listening {
  /** Without the path; a wildcard host is given as loopback, so that the URL can be called. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** Binds the address. @throws `E_LISTEN_FAILED` with the flag that changes it */
export async function listenOn(
  app: FastifyInstance,
  scheme: string,
  options: ListenOptions,
): Promise<Listening> {
  const { host: written = "127.0.0.1", port = 0 } = options;
  // As an address of the sixth version stands in a URL.
  const host = written.replace(/^\[(.*)\]$/, "$1");
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw listenFailed(cause, host, port);
  }
  const address = app.server.address();
  const bound = isAddress(address) ? address.port : port;
  const callable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const named = callable.includes(":") ? `[${callable}]` : callable;
  return { url: `${scheme}://${named}:${bound}`, host, port: bound };
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

function listenFailed(cause: unknown, host: string, port: number): ParleyError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is in use on ${host}; see who holds it with "ss -ltnp" or choose another with --port.`,
    EACCES: `port ${port} may not be opened by this user; choose one above 1023 with --port.`,
    EADDRNOTAVAIL: `${host} is no address of this machine; choose another with --host.`,
    ENOTFOUND: `the name ${host} does not resolve; choose another with --host.`,
  };
  const reason =
    reasons[code] ?? `${host}:${port} cannot be bound (${code}); change it with --host or --port.`;
  return new ParleyError("E_LISTEN_FAILED", `Cannot listen: ${reason}`, {
    cause,
    details: { host, port, code },
  });
}
