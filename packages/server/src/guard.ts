import type { FastifyInstance } from "fastify";
import { ParleyError } from "@parley/core";

/** Which names a server answers to. */
export interface HostGuard {
  /** Told at listen time; before that the server counts as bound to loopback. */
  bind(host: string): void;
  /** @throws `E_HOST_REFUSED` */
  check(host: string | undefined, origin: string | undefined): void;
}

const loopback = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"];

/**
 * Guards against DNS rebinding. Bound to loopback, or with `allowedHosts`, only known names pass; bound wider,
 * any Host does. An Origin must name a known host or the Host of the request itself.
 * @param allowedHosts - names without port; `*` allows every one.
 * @param ownNames - pass too, but do not make a server that is bound wider refuse the others.
 */
export function createHostGuard(
  allowedHosts: readonly string[] = [],
  ownNames: readonly string[] = [],
): HostGuard {
  const extra = allowedHosts.map((host) => hostnameOf(host) ?? host.toLowerCase());
  const always = [...loopback, ...extra, ...ownNames.map((host) => host.toLowerCase())];
  let known = new Set(always);
  let strict = true;
  return {
    bind(host) {
      const name = host.includes(":") ? `[${host}]` : host.toLowerCase();
      strict = extra.length > 0 || isLoopback(name);
      known = new Set([...always, name]);
    },
    check(host, origin) {
      if (known.has("*")) return;
      const name = hostnameOf(host);
      if (strict && (name === undefined || !passes(known, name))) throw refusal("Host", host);
      if (origin === undefined) return;
      const from = originHostname(origin);
      if (from === undefined || (from !== name && !passes(known, from))) throw refusal("Origin", origin);
    },
  };
}

/** Checks each request's Host and Origin headers before anything else looks at it. */
export function installHostGuard(app: FastifyInstance, guard: HostGuard): void {
  app.addHook("onRequest", async (request) => {
    guard.check(request.headers.host, request.headers.origin);
  });
}

function passes(known: ReadonlySet<string>, name: string): boolean {
  return known.has(name) || /^127\.\d+\.\d+\.\d+$/.test(name);
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "[::1]" || name.startsWith("127.");
}

function hostnameOf(host: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::\d+)?$/i.exec(host ?? "");
  return match?.[1]?.toLowerCase();
}

function originHostname(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).hostname.toLowerCase() : undefined;
}

function refusal(header: string, value: string | undefined): ParleyError {
  const shown = JSON.stringify((value ?? "").slice(0, 100));
  return new ParleyError(
    "E_HOST_REFUSED",
    `The ${header} header ${shown} names a host this server does not answer to; allow it with --allowed-hosts.`,
  );
}
