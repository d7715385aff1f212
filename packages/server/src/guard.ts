import { isIPv6 } from "node:net";
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

/** Names and origins that pass beside loopback and the bound host. */
export interface HostGuardOptions {
  /** Names, with or without port; `*` allows every one. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins whose pages may call, as browsers send them; `*` allows every one. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Names that pass too, but do not make a server that is bound wider refuse the others. */
  readonly ownNames?: readonly string[] | undefined;
}

/**
 * Guards against DNS rebinding. Bound to loopback, or with `allowedHosts`, only known names pass; bound wider,
 * any Host does. An Origin must name a known host or the Host of the request itself, or be allowed as it is.
 */
export function createHostGuard({
  allowedHosts = [],
  allowedOrigins = [],
  ownNames = [],
}: HostGuardOptions = {}): HostGuard {
  const extra = allowedHosts.map((host) => hostnameOf(bracketed(host)) ?? host.toLowerCase());
  const own = ownNames.map((host) => hostnameOf(bracketed(host)) ?? host.toLowerCase());
  const origins = new Set(allowedOrigins.map((origin) => originOf(origin) ?? origin));
  const always = [...loopback, ...extra, ...own];
  let known = new Set(always);
  let strict = true;
  // A client says the same with every request.
  let passed: string | undefined;
  const isPassed = (host: string | undefined, origin: string | undefined): boolean =>
    origin === undefined && host !== undefined && host === passed;
  return {
    bind(host) {
      passed = undefined;
      const name = hostnameOf(bracketed(host)) ?? host.toLowerCase();
      strict = extra.length > 0 || isLoopback(name);
      known = new Set([...always, name]);
    },
    check(host, origin) {
      if (known.has("*") || isPassed(host, origin)) return;
      const name = hostnameOf(host);
      if (strict && (name === undefined || !passes(known, name))) throw refusal("Host", host);
      if (origin === undefined) passed = host;
      if (origin === undefined || origins.has("*")) return;
      const from = originOf(origin);
      if (from !== undefined && origins.has(from)) return;
      const fromName = from === undefined ? undefined : hostnameOf(new URL(from).host);
      if (fromName === undefined || (fromName !== name && !passes(known, fromName))) {
        throw refusal("Origin", origin);
      }
    },
  };
}

/** Checks each request's Host and Origin headers before anything else looks at it. */
export function installHostGuard(app: FastifyInstance, guard: HostGuard): void {
  app.addHook("onRequest", ({ headers }, _reply, done) => {
    guard.check(headers.host, headers.origin);
    done();
  });
}

function passes(known: ReadonlySet<string>, name: string): boolean {
  return known.has(name) || isLoopback(name);
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name);
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** The name in a Host header, in one spelling: lower case, no port, no final dot, IPv6 shortened. */
function hostnameOf(host: string | undefined): string | undefined {
  const name = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::\d{1,5})?$/i.exec(host ?? "")?.[1];
  if (name === undefined) return undefined;
  if (name.startsWith("["))
    return URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : undefined;
  return name.toLowerCase().replace(/(?<=[^.])\.$/, "");
}

/** A web origin in one spelling; nothing for `null` and for what is no origin. */
function originOf(origin: string): string | undefined {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin).origin;
}

function refusal(header: string, value: string | undefined): ParleyError {
  const shown = JSON.stringify((value ?? "").slice(0, 100));
  return new ParleyError(
    "E_HOST_REFUSED",
    `The ${header} header ${shown} names a host this server does not answer to; allow it with --allowed-hosts.`,
  );
}
