import { ParleyError } from "@parley/core/errors";
import { option, reads } from "@parley/cli";

const group = "Transport";

/** TLS, proxies, sessions and what is shown of the server's health. */
export const transportOptions = {
  sslKeyfile: option({
    flags: "--ssl-keyfile <file>",
    description: "private key (PEM); with --ssl-certfile the server speaks https",
    env: ["MCPSERVER_SSL_KEYFILE"],
    file: "server.ssl_keyfile",
    group,
    read: reads.text,
  }),
  sslCertfile: option({
    flags: "--ssl-certfile <file>",
    description: "certificate and the chain to its authority (PEM); read again when it changes",
    env: ["MCPSERVER_SSL_CERTFILE"],
    file: "server.ssl_certfile",
    group,
    read: reads.text,
  }),
  sslCa: option({
    flags: "--ssl-ca <file>",
    description: "authority of client certificates (PEM); clients without one are turned away",
    env: ["MCPSERVER_SSL_CA"],
    file: "server.ssl_ca",
    group,
    read: reads.text,
  }),
  baseUrl: option({
    flags: "--base-url <url>",
    description: "address clients use where a proxy or load balancer stands before the server",
    env: ["MCPSERVER_BASE_URL", "BASE_URL"],
    // Vite's, for paths in pages.
    unset: ["/"],
    file: "server.base_url",
    group,
    read: readBaseUrl,
  }),
  trustProxy: option({
    flags: "--trust-proxy <addresses...>",
    description:
      "proxies whose X-Forwarded-* headers are believed: addresses, CIDRs, loopback or uniquelocal",
    env: ["MCPSERVER_TRUST_PROXY"],
    file: "server.trust_proxy",
    list: true,
    initial: [],
    group,
    read: reads.list,
  }),
  sessionIdle: option({
    flags: "--session-idle <seconds>",
    description: "idle time after which the session of a 2025-era or SSE client ends",
    env: ["MCPSERVER_SESSION_IDLE"],
    file: "server.session_idle",
    initial: 600,
    group,
    read: reads.integer(1, 604_800),
  }),
  maxSessions: option({
    flags: "--max-sessions <count>",
    description: "sessions held at once; the longest idle makes room for a new one",
    env: ["MCPSERVER_MAX_SESSIONS"],
    file: "server.max_sessions",
    initial: 1000,
    group,
    read: reads.integer(1, 100_000),
  }),
  closeGrace: option({
    flags: "--close-grace <seconds>",
    description: "time running calls have to finish after SIGTERM; a second signal ends at once",
    env: ["MCPSERVER_CLOSE_GRACE"],
    file: "server.close_grace",
    initial: 5,
    group,
    read: reads.integer(0, 3600),
  }),
  metricsPublic: option({
    flags: "--metrics-public",
    description: "serve /metrics to callers without a token",
    env: ["MCPSERVER_METRICS_PUBLIC"],
    file: "server.metrics_public",
    initial: false,
    group,
    read: reads.flag,
  }),
};

/** Without the slash at its end, so that paths can follow. */
function readBaseUrl(raw: unknown, where: string): string {
  const url = new URL(reads.url(raw, where));
  const extra = url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "";
  if (!extra) return url.href.replace(/\/+$/, "");
  throw new ParleyError("E_CONFIG_INVALID", `${where}: pass scheme, host, port and path only.`);
}
